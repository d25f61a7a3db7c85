package espalier.app;

import espalier.data.Source;
import espalier.data.Splits;
import espalier.data.TableSource;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.RunOptions;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.train.Callback;
import espalier.train.FineTune;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The job of training a model again after its data set was cleaned, and of judging the old model and the new one by the
 * same validation pictures, those of labels that both know. It is trained as {@link TrainImage#like} says: the way it was
 * trained before, so that the validation pictures are those that the old model did not learn from, as long as the data set is
 * the one that it was trained on.
 *
 * <pre>{@code
 * var result = Retrain.of(Path.of("pets.safetensors"), Path.of("data/pets")).run();
 * System.out.println(result.before().errorRate() + " -> " + result.after().errorRate());
 * }</pre>
 *
 * @param model the old model file, which stays as it is
 * @param data the folder, with one sub-folder a class
 * @param table the table of labels; empty: the folders are named by them
 * @param out the new model file
 * @param schedule epochs and learning rate; empty: those of the old model
 */
public record Retrain(Path model, Path data, Optional<TableSource> table, Path out, Optional<FineTune> schedule)
        implements RunSpec<Retrain.Result> {
    /**
     * How good a model is on the validation pictures.
     *
     * @param errorRate the share of wrong answers, 0 to 1
     * @param loss the mean cross entropy, in nats
     */
    public record Figures(double errorRate, double loss) {}

    /**
     * What came out.
     *
     * @param before the old model's figures
     * @param after the new model's figures
     * @param validItems by how many pictures both were judged: the same, of labels that both know. Those of a label that
     *     was added when the data set was cleaned are not among them, as the old model cannot be right about them.
     * @param out the new model file
     * @param report what came of the training
     */
    public record Result(Figures before, Figures after, int validItems, Path out, TrainingReport report) {}

    /** The new model goes beside the old one: {@code pets.cleaned.safetensors} for {@code pets.safetensors}. */
    public static Retrain of(Path model, Path data) {
        String name = String.valueOf(model.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        Path out = model.resolveSibling(stem + ".cleaned.safetensors");
        return new Retrain(model, data, Optional.empty(), out, Optional.empty());
    }

    /** A copy for labels in a table, as the cleaner left them; it is read as the old model's was. */
    public Retrain csv(Path file) {
        return table(Source.table(file));
    }

    /** A copy for labels in a table, as the cleaner left them; what is not said is as for the old model. */
    public Retrain table(TableSource table) {
        return new Retrain(model, data, Optional.of(table), out, schedule);
    }

    /** A copy that writes the new model elsewhere. */
    public Retrain out(Path file) {
        return new Retrain(model, data, table, file, schedule);
    }

    /** A copy with another number of epochs or learning rate. */
    public Retrain schedule(FineTune schedule) {
        return new Retrain(model, data, table, out, Optional.of(schedule));
    }

    @Override
    public String task() {
        return "retrain";
    }

    /** The training by which the new model is made. @throws espalier.format.ModelFileException when the old cannot be read */
    public TrainImage training() {
        return training(ModelFile.inspect(model));
    }

    private TrainImage training(ModelDocument old) {
        var like = TrainImage.like(old, data, out);
        var labelled = table.map(one -> TableOptions.like(RunOptions.of(old), one, old.isMultiLabel()))
                .map(one -> like.pictures(like.pictures().table(one)))
                .orElse(like);
        return schedule.map(epochs ->
                        labelled.schedule(epochs).recipe(labelled.recipe().epochs()))
                .orElse(labelled);
    }

    /**
     * Trains, writes the new model and judges both. When the training is interrupted, both figures are the old model's, and
     * nothing is left of the training.
     *
     * @throws espalier.report.DataException when there is nothing to train on or to judge by
     */
    @Override
    public Result run(Callback... callbacks) {
        try (var old = Predictor.load(model)) {
            var spec = training(old.document());
            var known = Set.copyOf(old.classes());
            var before = judge(old, known);
            TrainingReport report;
            try (var training = spec.open()) {
                report = training.run(callbacks);
            }
            if (report.interrupted()) {
                spec.checkpoints().delete(); // nobody goes on from them: the next training is on other labels
                return new Result(figures(before), figures(before), before.n(), model, report);
            }
            try (var made = Predictor.load(out)) {
                var both = new HashSet<>(known);
                both.retainAll(made.classes());
                var same = both.equals(known) ? before : judge(old, both);
                return new Result(figures(same), figures(judge(made, both)), same.n(), out, report);
            }
        }
    }

    private Evaluate.Result judge(Predictor predictor, Set<String> labels) {
        var all = LabelledPictures.of(data);
        var valid = table.map(all::table).orElse(all).part(Splits.Part.VALID);
        return new Evaluate(model, valid).run(predictor, labels, Progress.NONE);
    }

    private static Figures figures(Evaluate.Result result) {
        return new Figures(result.metrics().getOrDefault("error_rate", Double.NaN), result.loss());
    }
}
