package espalier.collect.fetch;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses a fetcher may connect to: only those that are reachable by everybody. Everything
 * else (this machine, this network, cloud metadata, multicast, reserved blocks, and IPv6 addresses
 * that hide an IPv4 one) is refused with its name.
 *
 * <p>The blocks are those of the IANA special-purpose registries for IPv4 and IPv6.
 */
public final class AddressRules {
    private AddressRules() {}

    /** A block of addresses; {@code mayAllow} when a user can open it for tests and own networks. */
    private record Block(BigInteger first, int bits, int width, String name, boolean mayAllow) {
        boolean holds(InetAddress address) {
            byte[] bytes = address.getAddress();
            return bytes.length * 8 == width
                    && new BigInteger(1, bytes).shiftRight(width - bits).equals(first.shiftRight(width - bits));
        }
    }

    private static final List<Block> V4 = List.of(
            own("127.0.0.0/8", "loopback"),
            own("10.0.0.0/8", "private"),
            own("172.16.0.0/12", "private"),
            own("192.168.0.0/16", "private"),
            block("169.254.0.0/16", "link-local"),
            block("100.64.0.0/10", "carrier-grade NAT"),
            block("0.0.0.0/8", "this network"),
            block("192.0.0.0/24", "protocol assignments"),
            block("192.0.2.0/24", "documentation"),
            block("198.51.100.0/24", "documentation"),
            block("203.0.113.0/24", "documentation"),
            block("192.88.99.0/24", "6to4 relay"),
            block("198.18.0.0/15", "benchmarking"),
            block("224.0.0.0/4", "multicast"),
            block("240.0.0.0/4", "reserved"));

    private static final List<Block> V6 = List.of(
            own("::1/128", "loopback"),
            own("fc00::/7", "private"),
            block("::/96", "IPv4-compatible"),
            block("::ffff:0:0:0/96", "IPv4-translated"),
            block("64:ff9b::/32", "NAT64"),
            block("100::/64", "discard"),
            block("fe80::/10", "link-local"),
            block("fec0::/10", "site-local"),
            block("ff00::/8", "multicast"),
            block("2001::/23", "protocol assignments"),
            block("2001:db8::/32", "documentation"),
            block("2002::/16", "6to4"),
            block("3fff::/20", "documentation"));

    private static final Block GLOBAL_V6 = block("2000::/3", "global");

    /**
     * Says why {@code address} must not be connected to; empty when it may.
     *
     * @param allowPrivate permits loopback and private networks (RFC 1918, fc00::/7); link-local,
     *     metadata and reserved addresses stay refused
     */
    public static Optional<String> refusal(InetAddress address, boolean allowPrivate) {
        boolean v6 = address instanceof Inet6Address;
        for (Block block : v6 ? V6 : V4) {
            if (block.holds(address)) {
                return allowPrivate && block.mayAllow
                        ? Optional.empty()
                        : Optional.of(block.name + " address " + address.getHostAddress());
            }
        }
        return v6 && !GLOBAL_V6.holds(address)
                ? Optional.of("reserved address " + address.getHostAddress())
                : Optional.empty();
    }

    private static Block own(String cidr, String name) {
        return block(cidr, name, true);
    }

    private static Block block(String cidr, String name) {
        return block(cidr, name, false);
    }

    private static Block block(String cidr, String name, boolean mayAllow) {
        int slash = cidr.indexOf('/');
        try {
            byte[] bytes = InetAddress.getByName(cidr.substring(0, slash)).getAddress(); // a literal: asks nobody
            return new Block(
                    new BigInteger(1, bytes),
                    Integer.parseInt(cidr.substring(slash + 1)),
                    bytes.length * 8,
                    name,
                    mayAllow);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(cidr, impossible);
        }
    }
}
