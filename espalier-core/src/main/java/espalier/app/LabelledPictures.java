package espalier.app;

import espalier.data.DataException;
import espalier.data.Item;
import espalier.data.Items;
import espalier.data.Labels;
import espalier.data.Splits;
import espalier.model.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Labelled pictures to judge a model by: a folder with one sub-folder a class, or the rows of a CSV file.
 *
 * <pre>{@code
 * var judged = LabelledPictures.of(Path.of("holdout")).judge(predictor, Progress.NONE);
 * ConfusionMatrix.of(judged.predictions());
 * }</pre>
 *
 * @param folder the folder; the paths in a CSV file are relative to it
 * @param csv the table with the columns {@code file} and {@code label}, see {@link espalier.clean.TableSet}, for tags
 *     several labels with spaces between; empty: the class of a picture is the name of its folder
 * @param part which pictures; empty: all
 * @param validShare the share for validation of a folder that has no folders train and valid; empty: as the model was
 *     trained
 * @param seed of that choice; empty: as the model was trained
 */
public record LabelledPictures(
        Path folder, Optional<Path> csv, Optional<Splits.Part> part, Optional<Double> validShare, Optional<Long> seed) {
    /**
     * What was found.
     *
     * @param items the pictures
     * @param labels the labels of each
     * @param rejected what looked like a picture of the set and is none
     */
    record Found(List<Item> items, List<List<String>> labels, List<Rejected> rejected) {}

    /** All pictures of a folder. */
    public static LabelledPictures of(Path folder) {
        return new LabelledPictures(folder, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same folder with the labels in a CSV file. */
    public LabelledPictures csv(Path file) {
        return new LabelledPictures(folder, Optional.of(file), part, validShare, seed);
    }

    /** A part only: by the folders train and valid where there are both, else those that training would choose. */
    public LabelledPictures part(Splits.Part part) {
        return new LabelledPictures(folder, csv, Optional.of(part), validShare, seed);
    }

    /** The same with another share for validation, in (0, 1). */
    public LabelledPictures validShare(double share) {
        return new LabelledPictures(folder, csv, part, Optional.of(share), seed);
    }

    /** The same with another seed of the choice for validation. */
    public LabelledPictures seed(long seed) {
        return new LabelledPictures(folder, csv, part, validShare, Optional.of(seed));
    }

    /**
     * What a model says about them. Pictures that cannot be read, or whose class the model does not know, are rejected.
     *
     * @throws DataException when there is no picture to judge it by
     * @throws IllegalArgumentException when the model gives any number of labels and folders can name only one
     */
    public Judged judge(Predictor predictor, Progress progress) {
        return Judged.by(predictor, this, progress);
    }

    /**
     * Finds them.
     *
     * @param training how the model was trained
     * @throws DataException when the folder or the CSV file cannot be read
     */
    Found find(TrainImage training) {
        var table = csv.map(file -> TablePictures.of(folder, file, ""));
        var all = table.map(this::listed).orElseGet(this::labelled);
        if (part.isEmpty()) {
            return all;
        }
        var parts = table.flatMap(TablePictures::splits)
                .orElseGet(() -> splits(training))
                .split(all.items(), all.labels());
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) == part.get()) {
                items.add(all.items().get(i));
                labels.add(all.labels().get(i));
            }
        }
        return new Found(items, labels, all.rejected());
    }

    private Splits splits(TrainImage training) {
        var pictures = training.pictures();
        return pictures.validShare(validShare.orElse(pictures.validShare()))
                .splits(folder, seed.orElse(training.seed()));
    }

    private Found labelled() {
        var found = Items.imageFiles().find(folder);
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        var rejected = new ArrayList<>(found.rejected());
        for (Item item : found.items()) {
            try {
                labels.add(Labels.parentFolder().of(item));
                items.add(item);
            } catch (DataException unlabelled) {
                rejected.add(new Rejected(item.id(), "lies in no folder that names its class"));
            }
        }
        return new Found(items, labels, rejected);
    }

    private Found listed(TablePictures table) {
        var found = table.found();
        return new Found(
                found.items(), found.items().stream().map(table::labels).toList(), found.rejected());
    }
}
