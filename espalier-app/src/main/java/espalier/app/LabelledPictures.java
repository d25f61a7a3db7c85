package espalier.app;

import espalier.data.Parts;
import espalier.data.Source;
import espalier.data.Splits;
import espalier.data.TableSource;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.predict.Predictor;
import espalier.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Labelled pictures to judge a model by: a folder with one sub-folder a class, or the rows of a CSV file.
 *
 * <pre>{@code
 * var judged = LabelledPictures.of(Path.of("holdout")).judge(predictor, Progress.NONE);
 * ConfusionMatrix.of(judged.predictions());
 * }</pre>
 *
 * @param folder the folder; the paths in a table are relative to it
 * @param table the table that names pictures and labels; empty: the class of a picture is the name of its folder
 * @param part which pictures; empty: all
 * @param validShare the share for validation of a folder that has no folders train and valid; empty: as the model was
 *     trained
 * @param seed of that choice; empty: as the model was trained
 * @param trainedToo whether, without a part, pictures count that the model was trained on when most are such
 */
public record LabelledPictures(
        Path folder,
        Optional<TableSource> table,
        Optional<Splits.Part> part,
        Optional<Double> validShare,
        Optional<Long> seed,
        boolean trainedToo) {
    /** All pictures of a folder; without those that the model was trained on when most are such. */
    public static LabelledPictures of(Path folder) {
        return new LabelledPictures(
                folder, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** Also those that the model was trained on, on which it does better than on any others. */
    public LabelledPictures withTrained() {
        return new LabelledPictures(folder, table, part, validShare, seed, true);
    }

    /** The same folder with the labels in a CSV file. */
    public LabelledPictures csv(Path file) {
        return table(Source.table(file));
    }

    /** The same folder with the labels in a table. */
    public LabelledPictures table(TableSource table) {
        return new LabelledPictures(folder, Optional.of(table), part, validShare, seed, trainedToo);
    }

    /** A part only: by the folders train and valid where there are both, else those that training would choose. */
    public LabelledPictures part(Splits.Part part) {
        return new LabelledPictures(folder, table, Optional.of(part), validShare, seed, trainedToo);
    }

    /** The same with another share for validation, in (0, 1). */
    public LabelledPictures validShare(double share) {
        return new LabelledPictures(folder, table, part, Optional.of(share), seed, trainedToo);
    }

    /** The same with another seed of the choice for validation. */
    public LabelledPictures seed(long seed) {
        return new LabelledPictures(folder, table, part, validShare, Optional.of(seed), trainedToo);
    }

    /**
     * What a model says about them. Pictures that cannot be read, or whose class the model does not know, are rejected.
     *
     * @throws espalier.report.DataException when there is no picture to judge it by
     * @throws IllegalArgumentException when the model gives any number of labels and folders can name only one
     */
    public Judged judge(Predictor predictor, Progress progress) {
        return Judged.by(predictor, this, progress);
    }

    /**
     * Finds them.
     *
     * @param training how the model was trained
     * @throws espalier.report.DataException when the folder or the CSV file cannot be read
     */
    Source.Found find(TrainImage training) {
        var found = table.<Source>map(one -> one).orElseGet(Source::folders).read(folder);
        if (part.isEmpty()) {
            return found;
        }
        var parts = Parts.of(found.examples(), splits(training));
        var rejected = new ArrayList<>(found.rejected());
        rejected.addAll(parts.leftOut());
        return new Source.Found(parts.of(part.get()), found.unlabelled(), rejected, found.warnings());
    }

    /** The same, with the labels of a table taken apart as they were for this model. */
    LabelledPictures like(ModelDocument made) {
        return table.map(one -> table(TableOptions.labels(RunOptions.of(made), one, made.isMultiLabel())))
                .orElse(this);
    }

    private Splits splits(TrainImage training) {
        var pictures = training.pictures();
        return pictures.validShare(validShare.orElse(pictures.validShare())).splits(seed.orElse(training.seed()));
    }
}
