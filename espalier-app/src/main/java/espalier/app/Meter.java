package espalier.app;

import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;

/** Counts the pictures of a training, and its time. */
final class Meter implements Callback {
    private long images;
    private long begin;
    private double seconds;

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public void beforeFit(Fit fit) {
        begin = System.nanoTime();
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        images += step.batch().size();
    }

    @Override
    public void afterFit(Fit fit) {
        seconds = (System.nanoTime() - begin) / 1e9;
    }

    double imagesPerSecond() {
        return seconds > 0 ? images / seconds : 0;
    }
}
