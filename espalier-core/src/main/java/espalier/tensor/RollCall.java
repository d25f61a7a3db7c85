package espalier.tensor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.StringVector;

/**
 * Says who is to blame when an operation of a {@link ProcessGroup} has failed. Each rank that notices says so in the store; those
 * that say nothing for a while hang, or are gone.
 */
final class RollCall {
    private static final long PATIENCE_SECONDS = 3;
    private static final long PAUSE_MILLIS = 50;

    private final PrefixStore store;
    private final int rank;
    private final int size;
    private final String storeHost;
    private volatile Thread asking = new Thread();

    private RollCall(PrefixStore store, int rank, int size, String storeHost) {
        this.store = store;
        this.rank = rank;
        this.size = size;
        this.storeHost = storeHost;
    }

    /** Writes down where this rank is. */
    static RollCall enter(PrefixStore store, int rank, int size, String storeHost) {
        store.set(
                "host-" + rank, host() + ", process " + ProcessHandle.current().pid());
        return new RollCall(store, rank, size, storeHost);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "a machine without a name";
        }
    }

    /** A sentence that names the ranks that are not heard of; empty when all are. */
    String missing() {
        var found = new ArrayList<String>();
        asking = new Thread(() -> found.addAll(ask()), "espalier-roll-call");
        asking.setDaemon(true); // a store whose machine hangs never answers
        asking.start();
        try {
            TimeUnit.SECONDS.timedJoin(asking, 2 * PATIENCE_SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (waits()) {
            return " The rank store at " + storeHost + " does not answer, which is on the machine of rank 0 as a rule.";
        }
        return found.isEmpty() ? "" : " Nothing is heard of " + String.join("; ", found) + ".";
    }

    /** Whether the store is still being asked, and so must not be freed. */
    boolean waits() {
        return asking.isAlive();
    }

    private List<String> ask() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (var scope = new PointerScope()) {
            store.set("noticed-" + rank, "yes");
            var silent = IntStream.range(0, size)
                    .filter(other -> other != rank)
                    .boxed()
                    .toList();
            while (!silent.isEmpty() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                silent = silent.stream()
                        .filter(other -> !has("noticed-" + other))
                        .toList();
            }
            return silent.stream().map(this::name).toList();
        } catch (InterruptedException | RuntimeException gone) {
            return List.of("the rank store at " + storeHost);
        }
    }

    private String name(int other) {
        String key = "host-" + other;
        return "rank " + other + " (" + (has(key) ? store.get_to_str(key) : "which never came") + ")";
    }

    private boolean has(String key) {
        return store.check(new StringVector(key));
    }
}
