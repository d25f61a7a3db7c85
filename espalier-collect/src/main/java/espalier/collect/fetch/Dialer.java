package espalier.collect.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Opens a plain connection to one address. Exists so that tests see which addresses are dialled. */
@FunctionalInterface
interface Dialer {
    Dialer SYSTEM = (address, limit) -> {
        // A SOCKS proxy set for the whole JVM would resolve and connect behind the address check.
        var socket = new Socket(java.net.Proxy.NO_PROXY);
        try {
            socket.connect(address, (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit.toMillis())));
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    };

    /** Connects to {@code address} within {@code limit}. */
    Socket dial(InetSocketAddress address, Duration limit) throws IOException;
}
