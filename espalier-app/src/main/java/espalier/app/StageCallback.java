package espalier.app;

import espalier.train.Callback;
import espalier.train.Fit;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Tells of each stage when it begins, and writes its model when it is done. */
final class StageCallback implements Callback {
    private final Stages stages;
    private final PictureOptions given;
    private final Path out;
    private final ImageTraining.Listener listener;

    StageCallback(Stages stages, PictureOptions given, Path out, ImageTraining.Listener listener) {
        this.stages = stages;
        this.given = given;
        this.out = out;
        this.listener = listener;
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    @Override
    public void beforeEpoch(Fit fit) {
        int stage = fit.position().cycle();
        if (fit.position().epoch() == 0 && fit.position().batch() == 0) {
            var pictures = stages.pictures(given).get(stage);
            listener.tell(
                    "stage %d of %d: %s, %d %s, learning rate %s, %d pixels%s",
                    stage + 1,
                    stages.all().size(),
                    fit.cycle().name(),
                    fit.cycle().epochs(),
                    fit.cycle().epochs() == 1 ? "epoch" : "epochs",
                    stages.all().get(stage).lr().stream().map(String::valueOf).collect(Collectors.joining(" to ")),
                    pictures.size(),
                    pictures.batchSize().map(count -> ", batches of " + count).orElse(""));
        }
    }

    @Override
    public void afterEpoch(Fit fit) {
        if (fit.position().epoch() >= fit.cycle().epochs() && fit.stopReason().isEmpty()) {
            stages.file(fit.position().cycle(), out).ifPresent(file -> {
                fit.learner().export(file);
                listener.line("saved " + file);
            });
        }
    }
}
