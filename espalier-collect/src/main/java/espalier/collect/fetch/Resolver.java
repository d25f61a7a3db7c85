package espalier.collect.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns a host name into its addresses. Tests plug in their own. */
@FunctionalInterface
public interface Resolver {
    /** The resolver of this machine. */
    Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Gives every address of {@code host}, at least one.
     *
     * @throws UnknownHostException when the name has none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
