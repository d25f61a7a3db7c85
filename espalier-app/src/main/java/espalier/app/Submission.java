package espalier.app;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.data.Table;
import espalier.files.AtomicFiles;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.predict.Prediction;
import espalier.report.DataException;
import espalier.train.Outputs;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The file that a competition wants: a row for each picture with its name, without ending, and its tags. With the competition's
 * sample, rows have its names, its order and its header, and a picture that is missing is found before it is sent in.
 *
 * <pre>{@code
 * var submission = Submission.of(Path.of("submission.csv")).sample(Path.of("sample_submission.csv"));
 * submission.write(Submission.answers(outputs, learner.thresholds()));
 * }</pre>
 *
 * @param file the file to write
 * @param sample the competition's sample; empty: all pictures in their order, under {@code image_name,tags}
 * @param between what stands between the tags of a picture, a blank
 */
public record Submission(Path file, Optional<Path> sample, String between) {
    private static final int SHOWN = 5;

    /** A file without a sample to check it by. */
    public static Submission of(Path file) {
        return new Submission(file, Optional.empty(), " ");
    }

    /** A copy that is checked by the competition's sample: a table of two columns, names and anything. */
    public Submission sample(Path table) {
        return new Submission(file, Optional.of(table), between);
    }

    /** A copy with something else between the tags of a picture. */
    public Submission between(String text) {
        return new Submission(file, sample, text);
    }

    /** A copy with what stood between the tags that a model was trained on. */
    public Submission like(ModelDocument made) {
        return RunOptions.of(made)
                .value("--label-delimiter", text -> text)
                .map(this::between)
                .orElse(this);
    }

    /**
     * What was written.
     *
     * @param rows how many rows
     * @param extra the names of pictures that the sample does not have, and which were left out
     * @param blank how many of the pictures got no tag
     */
    public record Result(int rows, List<String> extra, int blank) {}

    /**
     * The tags of predicted items by their files.
     *
     * @param thresholds the probabilities above which tags count, one for all or one for each, as in {@code Learner.thresholds}
     */
    public static Map<Path, List<String>> answers(Outputs outputs, List<Double> thresholds) {
        Map<Path, List<String>> answers = new LinkedHashMap<>();
        for (int i = 0; i < outputs.items().size(); i++) {
            float[] row = outputs.probabilities()[i];
            answers.put(
                    outputs.items().get(i).path(),
                    IntStream.range(0, row.length)
                            .filter(k -> row[k] > thresholds.get(thresholds.size() == 1 ? 0 : k))
                            .mapToObj(outputs.classes()::get)
                            .toList());
        }
        return answers;
    }

    /** What a prediction says: its tags, or its class, or its only quantity. */
    public static List<String> answer(Prediction prediction) {
        if (!prediction.isNumeric()) {
            return prediction.labels();
        }
        if (prediction.values().size() != 1) {
            throw new IllegalArgumentException("a row of a submission has one answer, and the model gives "
                    + prediction.values().keySet() + ".");
        }
        return prediction.values().values().stream().map(String::valueOf).toList();
    }

    /**
     * Writes the file as a whole, or not at all.
     *
     * @param answers what is said about each picture, by its file
     * @throws DataException when a picture of the sample is missing, two pictures have one name, or the sample is no table of two
     *     columns
     * @throws IOException when the file cannot be written
     */
    public Result write(Map<Path, List<String>> answers) throws IOException {
        Map<String, List<String>> named = new LinkedHashMap<>();
        answers.forEach((path, tags) -> {
            String name = stem(path);
            if (named.put(name, tags) != null) {
                throw new DataException("two pictures are called " + name + ", the second is " + path
                        + ". Maybe predict one of their folders only.");
            }
        });
        var rows = new ArrayList<List<String>>();
        var extra = new LinkedHashSet<>(named.keySet());
        var header = sample.map(table -> matched(table, named, extra, rows)).orElseGet(() -> {
            named.forEach((name, tags) -> rows.add(row(name, tags)));
            extra.clear();
            return List.of("image_name", "tags");
        });
        AtomicFiles.write(file, out -> {
            var csv = CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            csv.writeRecord(header);
            rows.forEach(csv::writeRecord);
            csv.flush();
        });
        int blank = (int) rows.stream().filter(row -> row.get(1).isEmpty()).count();
        return new Result(rows.size(), List.copyOf(extra), blank);
    }

    /** Adds a row for each of the sample's and takes its name out of {@code extra}; gives the header. */
    private List<String> matched(
            Path table, Map<String, List<String>> named, LinkedHashSet<String> extra, List<List<String>> rows) {
        var missing = new ArrayList<String>();
        List<String> header;
        try (var sampled = Table.of(table).header(true).open()) {
            header = sampled.columns();
            if (header.size() != 2) {
                throw new DataException(table + ": expected two columns, names and tags, received " + header
                        + ". Maybe the competition wants another form than this, or the file is another.");
            }
            for (var row : sampled) {
                String name = row.cell(0);
                String key = named.containsKey(name) ? name : stem(Path.of(name));
                var tags = named.get(key);
                if (tags == null) {
                    missing.add(name);
                } else {
                    extra.remove(key);
                    rows.add(row(name, tags));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new DataException(file + " is not written: " + table + " has " + missing.size()
                    + (missing.size() == 1 ? " picture that was" : " pictures that were") + " not predicted, "
                    + shown(missing) + ". Maybe a folder of pictures is missing, or a picture cannot be read.");
        }
        return header;
    }

    private List<String> row(String name, List<String> tags) {
        return List.of(name, String.join(between, tags));
    }

    /** Some of these names, for a message. */
    public static String shown(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? " and others" : "");
    }

    private static String stem(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
