package espalier.app;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import espalier.data.DataException;
import espalier.data.Item;
import espalier.data.Items;
import espalier.data.Labels;
import espalier.data.Splits;
import espalier.model.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * @param csv the file with the columns {@code file} and {@code label}, for tags several labels with spaces between;
 *     empty: the class of a picture is the name of its folder
 * @param part which pictures; empty: all
 * @param validShare the share for validation of a folder that has no folders train and valid, as in training
 * @param seed of that choice, as in training
 */
public record LabelledPictures(
        Path folder, Optional<Path> csv, Optional<Splits.Part> part, double validShare, long seed) {
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
        var training = PictureOptions.standard();
        return new LabelledPictures(
                folder, Optional.empty(), Optional.empty(), training.validShare(), TrainImage.STANDARD_SEED);
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
        return new LabelledPictures(folder, csv, part, share, seed);
    }

    /** The same with another seed of the choice for validation. */
    public LabelledPictures seed(long seed) {
        return new LabelledPictures(folder, csv, part, validShare, seed);
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

    /** Finds them. @throws DataException when the folder or the CSV file cannot be read */
    Found find() {
        var all = csv.isPresent() ? listed(csv.get()) : labelled();
        if (part.isEmpty()) {
            return all;
        }
        var parts = PictureOptions.standard()
                .validShare(validShare)
                .splits(folder, seed)
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

    private Found listed(Path file) {
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        var rejected = new ArrayList<Rejected>();
        try (var rows = CsvReader.builder().detectBomHeader(true).ofNamedCsvRecord(file)) {
            for (NamedCsvRecord row : rows) {
                String name = field(row, "file", file);
                var path = inside(name);
                if (path.isPresent()) {
                    items.add(new Item(name, path.get()));
                    labels.add(List.of(field(row, "label", file)));
                } else {
                    rejected.add(new Rejected(name, "is no path below " + folder));
                }
            }
        } catch (CsvParseException unreadable) {
            throw new DataException(file + " is no CSV: " + unreadable.getMessage(), unreadable);
        } catch (UncheckedIOException | IOException unreadable) {
            throw new DataException("cannot read " + file + ": " + unreadable, unreadable);
        }
        return new Found(items, labels, rejected);
    }

    /** Lists come from anybody: what leads out of the folder is not opened. */
    private Optional<Path> inside(String name) {
        try {
            Path root = folder.toAbsolutePath().normalize();
            boolean leadsOut = name.isBlank() || !root.resolve(name).normalize().startsWith(root);
            return leadsOut
                    ? Optional.empty()
                    : Optional.of(folder.resolve(name).normalize());
        } catch (InvalidPathException impossible) {
            return Optional.empty();
        }
    }

    private static String field(NamedCsvRecord row, String column, Path file) {
        return row.getHeader().stream()
                .filter(name -> name.strip().toLowerCase(Locale.ROOT).equals(column))
                .findFirst()
                .flatMap(row::findField)
                .orElseThrow(() -> new DataException(file + " has no column " + column + " in line "
                        + row.getStartingLineNumber() + ", but " + row.getHeader()
                        + ". Maybe its first line is not \"file,label\"."));
    }
}
