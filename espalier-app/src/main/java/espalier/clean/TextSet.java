package espalier.clean;

import espalier.collect.Finding;
import espalier.collect.Finding.Kind;
import espalier.data.Table;
import espalier.data.TableEdits;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.files.Stamp;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A data set of texts that are rows of a table with their labels. The table is never written to: what changes goes into a new
 * one beside it, {@code tweets.cleaned.csv} for {@code tweets.csv}. Each text is named by its table and line. Copies
 * are texts that say the same; near duplicates differ in capitals and in what is neither letter nor digit.
 *
 * @param table the table
 * @param reader reads it
 * @param between what stands between the tags of a cell; empty where a text has one label
 * @param outOfFold what is said of texts by models that were not trained on them, by the text, in the order of the model's classes;
 *     the model itself is asked of all others
 */
public record TextSet(Table table, Reader reader, String between, Map<String, float[]> outOfFold)
        implements LabelledSet {
    private static final int AT_ONCE = 1_024;

    /** Reads the rows of a table. */
    public interface Reader {
        /** Reads the rows as they are with some changes. */
        Rows read(TableEdits edits);
    }

    /**
     * The rows.
     *
     * @param texts those with a label; rows count a header
     * @param rejected the others
     * @param labels the position of the column of the labels
     */
    public record Rows(List<Labelled> texts, List<Rejected> rejected, int labels) {}

    public TextSet {
        outOfFold = Map.copyOf(outOfFold);
    }

    /** The same, judged by models that were not trained on the texts. */
    public TextSet outOfFold(Map<String, float[]> outOfFold) {
        return new TextSet(table, reader, between, outOfFold);
    }

    /** The table. */
    public Path csv() {
        return table.file();
    }

    /** The folder of the table. */
    @Override
    public Path root() {
        return Optional.ofNullable(csv().getParent()).orElse(Path.of("."));
    }

    /** Where the cleaned table goes: beside the old one. */
    public Path cleaned() {
        return whole().path();
    }

    private CleanedTable whole() {
        return new CleanedTable(root(), table);
    }

    private Rows rows() {
        return reader.read(TableEdits.of(root(), csv()));
    }

    @Override
    public Optional<Path> changed() {
        return Optional.of(csv());
    }

    @Override
    public Found find() {
        var rows = rows();
        return new Found(rows.texts(), rows.rejected());
    }

    @Override
    public Optional<Stamp> stamp(Labelled text) {
        return Stamp.of(csv());
    }

    @Override
    public void judge(Predictor model, List<Labelled> texts, Progress progress, Consumer<Predictor.Answer> answers) {
        for (int from = 0; from < texts.size(); from += AT_ONCE) {
            var some = texts.subList(from, Math.min(texts.size(), from + AT_ONCE));
            var unknown = some.stream()
                    .filter(one -> !outOfFold.containsKey(one.text()))
                    .map(one -> model.readText(one.text()))
                    .toList();
            var said = model.predictInputs(unknown).iterator();
            for (Labelled one : some) {
                float[] known = outOfFold.get(one.text());
                var prediction = known == null ? said.next() : Prediction.of(model.document(), known);
                answers.accept(new Predictor.Answer(csv(), Optional.of(prediction), Optional.empty()));
            }
            progress.update(from + some.size(), texts.size(), "predict");
        }
    }

    /** Texts that say the same, and those that say it alike. */
    @Override
    public List<Finding> copies(List<Labelled> texts, Progress progress) {
        var findings = new ArrayList<Finding>();
        add(findings, Kind.DUPLICATE, texts, text -> text);
        add(findings, Kind.NEAR_DUPLICATE, texts, TextSet::alike);
        return findings;
    }

    private static void add(List<Finding> findings, Kind kind, List<Labelled> texts, UnaryOperator<String> key) {
        Map<String, List<Labelled>> byKey = new LinkedHashMap<>();
        texts.forEach(one -> byKey.computeIfAbsent(key.apply(one.text()), text -> new ArrayList<>())
                .add(one));
        byKey.values().stream()
                .filter(copies -> kind == Kind.DUPLICATE
                        ? copies.size() > 1
                        : copies.stream().map(Labelled::text).distinct().count() > 1)
                .map(copies -> copies.stream().map(Labelled::file).toList())
                .forEach(files -> findings.add(new Finding(kind, files, "", kind == Kind.DUPLICATE ? 1 : 0.99)));
    }

    /** Letters and digits, in lower case; a text without any is like no other. */
    private static String alike(String text) {
        String letters = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
        return letters.isEmpty() ? text : letters;
    }

    /** None: which part a text belongs to is drawn when a model is trained. */
    @Override
    public List<String> splits() {
        return List.of();
    }

    @Override
    public boolean canName(String label) {
        return CleanedTable.canName(label) && (between.isEmpty() || !label.matches("(?s).*[\\s,;|].*"));
    }

    @Override
    public Optional<String> target(Labelled text, Choice choice) {
        return Optional.of(text.file());
    }

    /** @throws IOException also when the row says something else by now */
    @Override
    public Change carryOut(Labelled text, Choice choice, Journal journal) throws IOException {
        var rows = rows();
        boolean there = rows.texts().stream()
                .anyMatch(one -> one.row() == text.row() && one.text().equals(text.text()));
        if (!there) {
            throw new IOException(text.file() + " says something else now. Maybe the table was changed meanwhile.");
        }
        String was = whole().cells(journal, text.row()).get(rows.labels());
        return whole().note(journal, text, choice.action(), rows.labels(), was, String.join(between, choice.values()));
    }

    /** Writes the cleaned table; when nothing in it is changed any more, there is none. */
    @Override
    public void settle(Journal journal) throws IOException {
        whole().write(journal);
    }
}
