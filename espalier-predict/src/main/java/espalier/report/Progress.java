package espalier.report;

/** Hears how far a piece of long work has come. Called from the thread that does the work; must be quick. */
@FunctionalInterface
public interface Progress {
    /** A progress that tells nobody. */
    Progress NONE = (done, total, message) -> {};

    /**
     * Tells how far the work has come.
     *
     * @param done units finished so far
     * @param total units in all, or -1 when unknown
     * @param message what is being done now, possibly empty
     */
    void update(long done, long total, String message);
}
