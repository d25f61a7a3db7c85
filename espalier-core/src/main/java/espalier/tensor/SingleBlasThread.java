package espalier.tensor;

import org.bytedeco.openblas.presets.openblas_nolapack;

/**
 * While one of these is open, OpenBLAS multiplies on the calling thread alone. Its pool and libtorch's wait for work by
 * spinning, each on all cores, so a network that changes between convolutions and products waits longer than it computes:
 * four times as long for one picture on two cores. Holds for the whole process, until the last one is closed; where the
 * environment sets {@code OPENBLAS_NUM_THREADS}, that stays.
 */
public final class SingleBlasThread implements AutoCloseable {
    private static int open;
    private boolean closed;

    private SingleBlasThread() {}

    /** Opens one; where libtorch uses another library than OpenBLAS, nothing changes. */
    public static SingleBlasThread open() {
        Native.load();
        synchronized (SingleBlasThread.class) {
            if (open++ == 0) {
                set(1);
            }
        }
        return new SingleBlasThread();
    }

    private static void set(int threads) {
        try {
            if (System.getenv("OPENBLAS_NUM_THREADS") == null) {
                openblas_nolapack.blas_set_num_threads(threads);
            }
        } catch (LinkageError none) {
            // another library, such as Accelerate, has its own ways
        }
    }

    @Override
    public void close() {
        synchronized (SingleBlasThread.class) {
            if (!closed) {
                closed = true;
                if (--open == 0) {
                    set(Runtime.getRuntime().availableProcessors());
                }
            }
        }
    }
}
