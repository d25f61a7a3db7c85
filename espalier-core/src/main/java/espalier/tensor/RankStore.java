package espalier.tensor;

import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * The place where the ranks of a {@link ProcessGroup} find each other: a small server that keeps their addresses. One process
 * opens it, rank 0 or one that takes no part, and keeps it open until all ranks are done; PyTorch's {@code TCPStore}.
 *
 * <p>It listens on all interfaces and asks nobody for a password: for networks that are trusted.
 */
public final class RankStore implements AutoCloseable {
    private static final int MOST_PORT = 65_535;

    private final TCPStore store;
    private boolean closed;

    private RankStore(TCPStore store) {
        this.store = store;
    }

    /** Opens one on a free port. */
    public static RankStore open() {
        return open(0);
    }

    /** Opens one on a port; 0 means a free one. @throws NativeException when the port is taken */
    public static RankStore open(int port) {
        return new RankStore(connect("localhost", port, true, Duration.ofMinutes(1)));
    }

    /** The port that it listens on. */
    public int port() {
        return store.getPort() & 0xffff;
    }

    static TCPStore connect(String host, int port, boolean server, Duration timeout) {
        if (port < 0 || port > MOST_PORT) {
            throw new IllegalArgumentException(
                    "a port is a number from 0 to " + MOST_PORT + ", received " + port + ".");
        }
        return Native.run("rank store at " + host + ":" + port, () -> {
            var options = new TCPStoreOptions()
                    .port((short) port)
                    .isServer(server)
                    .waitWorkers(false)
                    .timeout(new Milliseconds(timeout.toMillis()));
            var store = new TCPStore(host, options);
            store.retainReference();
            return store;
        });
    }

    /** Stops listening. Ranks that still need it fail. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            store.releaseReference();
        }
    }
}
