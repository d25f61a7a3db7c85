package espalier.spark;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** The tasks that a cluster can run at the same time. */
final class Slots {
    private static final long PAUSE_MILLIS = 100;

    private Slots() {}

    /**
     * Refuses executors that come and go.
     *
     * @throws IllegalArgumentException when dynamic allocation is on (SPARK-24942)
     */
    static void checkFixed(SparkConf conf) {
        boolean local = conf.get("spark.master", "").startsWith("local");
        if (!local && conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            throw new IllegalArgumentException(
                    "executors that train together must stay, and spark.dynamicAllocation.enabled"
                            + " lets them come and go. Maybe submit the job with --conf spark.dynamicAllocation.enabled=false.");
        }
    }

    /**
     * Waits for so many slots, as executors may still be starting. Spark itself looks for them forty times, every 15 seconds.
     *
     * @throws IllegalStateException when there are too few by then (SPARK-24819)
     */
    static void await(SparkContext context, int count, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        int slots = slots(context);
        while (slots < count && System.nanoTime() < end) {
            pause();
            slots = slots(context);
        }
        if (slots < count) {
            throw new IllegalStateException(
                    "a training by " + count + " workers needs as many slots at the same time, and after "
                            + time.toSeconds() + " s the cluster has " + slots
                            + ". Maybe ask for fewer workers, for more executors or cores, or for a smaller spark.task.cpus.");
        }
    }

    /** The number by which Spark judges a barrier stage; of all executors that have reported. */
    private static int slots(SparkContext context) {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cancelled while waiting for slots", stop);
        }
    }
}
