package espalier.examples;

import espalier.app.Retrain;
import espalier.clean.Choice;
import espalier.clean.Cleaner;
import espalier.clean.Plan;
import espalier.clean.Query;
import espalier.clean.Undo;
import espalier.predict.Predictor;
import espalier.web.clean.CleanServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The first half of the tutorial {@code docs/tutorials/clean-and-serve.md}: finds wrong labels with a model's help, repairs
 * them on the disk, takes that back, and trains again.
 *
 * @param model the model file
 * @param data the folder with one sub-folder a class
 */
public record CleanData(Path model, Path data) {
    /** Arguments: a model file and the folder of pictures it was trained on. Opens the page and waits for Enter. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: CleanData MODEL PICTURES");
            System.exit(2);
        }
        new CleanData(Path.of(args[0]), Path.of(args[1])).page(Optional.of("press Enter to end"));
    }

    /** The pictures that are most likely wrong. */
    int look() throws IOException {
        // region look
        try (var predictor = Predictor.load(model)) {
            var cleaner = Cleaner.of(predictor, data);
            for (var picture : cleaner.pictures(Query.all()).subList(0, 10)) {
                System.out.println(picture.file() + " is " + picture.label() + ", the model says " + picture.predicted()
                        + ", loss " + picture.loss());
            }
            // endregion
            return cleaner.pictures(Query.all()).size();
        }
    }

    /** Relabels one picture and deletes another. */
    Plan repair(String wrong, String label, String bad) throws IOException {
        try (var predictor = Predictor.load(model)) {
            var cleaner = Cleaner.of(predictor, data);
            // region repair
            cleaner.choose(cleaner.find(wrong).orElseThrow(), Choice.relabel(label));
            cleaner.choose(cleaner.find(bad).orElseThrow(), Choice.delete());
            Plan plan = cleaner.plan();
            System.out.println(plan); // what will be done, a line each
            cleaner.apply(plan);
            // endregion
            return plan;
        }
    }

    /** Brings everything back. */
    int undo() throws IOException {
        // region undo
        int back = Undo.of(data).all().filesBack();
        // endregion
        return back;
    }

    /** Trains again and compares. */
    Retrain.Result retrain() {
        // region retrain
        var result = Retrain.of(model, data).run();
        System.out.println("error rate " + result.before().errorRate() + " -> "
                + result.after().errorRate());
        // endregion
        return result;
    }

    /** The page, until Enter is pressed; without a question it ends at once. */
    void page(Optional<String> question) throws IOException {
        // region page
        try (var predictor = Predictor.load(model);
                var page = CleanServer.of(Cleaner.of(predictor, data))
                        .retrain(Retrain.of(model, data))
                        .start(0)) {
            System.out.println("open " + page.link());
            // endregion
            if (question.isPresent()) {
                System.out.println(question.get());
                System.in.read();
            }
        }
    }
}
