package espalier.tensor;

import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the C library and OpenMP read from the environment of a process, set by calls instead, so that a program of one's own
 * is as fast as the command without setting anything before it starts. What its environment does set, stays.
 *
 * <p>For Linux with glibc. Elsewhere, and where JNA cannot load its part, nothing changes.
 */
public final class HostMemory {
    /** What {@code mallopt} calls these, in {@code malloc.h}. */
    private static final int M_TRIM_THRESHOLD = -1;

    private static final int M_TOP_PAD = -2;
    private static final int M_MMAP_MAX = -4;

    /** The memory of a thread comes in heaps of 64 MB, and an empty one is kept while this is more than is left in the one before. */
    private static final int HEAP = 64 << 20;

    /** Variables by which a user has chosen a way of the allocator's. */
    private static final List<String> CHOSEN = List.of(
            "GLIBC_TUNABLES",
            "MALLOC_MMAP_MAX_",
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TOP_PAD_",
            "MALLOC_TRIM_THRESHOLD_");

    private static final AtomicBoolean KEPT = new AtomicBoolean();

    private HostMemory() {}

    /**
     * From now on, memory that this process frees stays with it. By default glibc returns large blocks to the system at once, and
     * every batch of a training faults the same pages in again. The first {@link Tensor#backward} and every learner call this, for
     * the whole process and once.
     */
    public static void keepFreed() {
        if (KEPT.compareAndSet(false, true) && CHOSEN.stream().noneMatch(name -> System.getenv(name) != null)) {
            call("mallopt", M_MMAP_MAX, 0);
            call("mallopt", M_TRIM_THRESHOLD, Integer.MAX_VALUE);
            call("mallopt", M_TOP_PAD, HEAP);
        }
    }

    /**
     * Lets compute threads that wait for each other sleep. By default they spin, which on a machine with other work, such as
     * reading pictures, takes the processors from those they wait for. OpenMP reads this once, when it is loaded.
     */
    static void sleepInsteadOfSpinning() {
        if (System.getenv("GOMP_SPINCOUNT") == null) {
            call("setenv", "OMP_WAIT_POLICY", "passive", 0); // 0: what is set, stays
        }
    }

    private static void call(String function, Object... arguments) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            NativeLibrary.getInstance("c").getFunction(function).invokeInt(arguments);
        } catch (LinkageError none) {
            // slower, and no less right: another C library, or no folder from which libraries may be loaded
        }
    }
}
