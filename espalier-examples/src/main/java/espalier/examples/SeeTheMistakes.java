package espalier.examples;

import espalier.app.Interpret;
import espalier.app.LabelledPictures;
import espalier.interpret.Interpretation;
import espalier.interpret.TopLosses;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.vision.ImageGradCam;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The tutorial on judging a model: a report, single figures, and where the model looked. */
public final class SeeTheMistakes {
    private SeeTheMistakes() {}

    /** Arguments: a model file, a folder with one sub-folder a class, a folder for the results. */
    public static void main(String[] args) throws IOException {
        run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    }

    /** Writes the report on {@code model} into {@code out}; gives what it is made of. */
    static Interpretation run(Path model, Path folder, Path out) throws IOException {
        // region report
        var result = Interpret.of(model, folder, out).run(Progress.NONE);
        var interpretation = result.interpretation();
        System.out.println(interpretation.classificationReport());
        interpretation.mostConfused(2).forEach(System.out::println); // beagle called collie: 3
        // endregion
        // region predictor
        try (var predictor = Predictor.load(model)) {
            var judged = LabelledPictures.of(folder).judge(predictor, Progress.NONE);
            TopLosses.Item worst = TopLosses.of(judged.predictions()).largest(1).get(0);
            int said = judged.predictions().predicted(worst.index());
            var where = ImageGradCam.of(predictor).orElseThrow().overlay(Path.of(worst.item()), said);
            ImageIO.write(where, "png", out.resolve("worst.png").toFile());
        }
        // endregion
        return interpretation;
    }
}
