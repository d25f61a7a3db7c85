package espalier.examples;

import espalier.app.Recipe;
import espalier.app.TrainImage;
import espalier.app.TrainingKit;
import espalier.app.TrainingReport;
import espalier.optim.Policies;
import espalier.train.FineTune;
import espalier.vision.model.Head;
import java.nio.file.Path;
import java.time.Duration;

/** The tutorial on x-rays: a frozen body, a head of one's own, and a model within half a minute. */
public final class ChestXrays {
    private ChestXrays() {}

    /** Arguments: the folder with train, valid and test; a folder for the models. */
    public static void main(String[] args) {
        System.out.println(head(Path.of(args[0]), Path.of(args[1]), 10).history());
        System.out.println(budget(Path.of(args[0]), Path.of(args[1])).history());
    }

    /** The recipe of the tutorials: batch norm, 512, 128 and 2 outputs on a body that stays as it is. */
    static TrainingReport head(Path xrays, Path out, int epochs) {
        // region head
        var recipe =
                Recipe.standard().freezeBody(true).head(Head.of(512, 128).norm().dropout(0.4));
        var report = TrainImage.of(xrays, out.resolve("head.safetensors"))
                .schedule(FineTune.of(epochs).lr(5e-4).policies(Policies.constant(), Policies.constant()))
                .recipe(recipe)
                .kit(TrainingKit.NONE.watching(TrainingKit.Watching.best("valid_loss")))
                .run();
        // endregion
        return report;
    }

    /** A linear head whose regularisation finds itself. */
    static TrainingReport budget(Path xrays, Path out) {
        // region budget
        var report = TrainImage.of(xrays, out.resolve("xrays.safetensors"))
                .recipe(Recipe.standard().budget(Duration.ofSeconds(30)))
                .run();
        // endregion
        return report;
    }
}
