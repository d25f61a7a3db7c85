package espalier.train;

/** Ends training after the present batch when another thread, such as a signal handler, asks for it. */
final class Interruption implements Callback {
    static final String REASON = "interrupted";

    private volatile boolean wanted;

    void want() {
        wanted = true;
    }

    boolean wanted() {
        return wanted;
    }

    @Override
    public Phase phase() {
        return Phase.GUARD;
    }

    @Override
    public void beforeFit(Fit fit) {
        wanted = false;
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        if (wanted) {
            fit.stop(REASON);
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        if (wanted) {
            fit.stop(REASON);
        }
    }
}
