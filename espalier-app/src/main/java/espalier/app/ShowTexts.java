package espalier.app;

import espalier.report.Rejected;
import espalier.rng.Rng;
import espalier.token.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The job of looking at the texts of a table as a network would read them: that of {@code espalier show} for texts.
 *
 * @param data the texts and labels
 * @param words how texts become tokens
 * @param count how many texts are shown with their tokens
 * @param seed draws them
 */
public record ShowTexts(TextTable data, NeuralTexts.Words words, int count, long seed) {
    private static final int MOST_COMMON = 20;

    /** Nine texts, read in the usual way. */
    public static ShowTexts of(TextTable data) {
        return new ShowTexts(data, NeuralTexts.Words.standard(), 9, TrainImage.STANDARD_SEED);
    }

    /**
     * A text with its tokens.
     *
     * @param line on which line of the file it begins
     * @param labels its labels
     * @param tokens what it is cut into
     */
    public record Sample(long line, List<String> labels, List<String> tokens) {}

    /**
     * How many tokens the texts have.
     *
     * @param least of the shortest text
     * @param median of the one in the middle
     * @param most95 nineteen of twenty texts have at most as many
     * @param most of the longest
     */
    public record Lengths(int least, int median, int most95, int most) {}

    /**
     * What is in the table.
     *
     * @param texts how many texts can be used
     * @param labels how many texts each label has
     * @param lengths of the texts in tokens
     * @param tokens how many tokens there are
     * @param distinct how many different ones
     * @param known the share of the tokens that a vocabulary of the usual size would know
     * @param mostCommon the most frequent tokens with their numbers
     * @param samples some texts
     * @param rejected the rows that cannot be used
     */
    public record Report(
            int texts,
            Map<String, Integer> labels,
            Lengths lengths,
            long tokens,
            int distinct,
            double known,
            Map<String, Long> mostCommon,
            List<Sample> samples,
            List<Rejected> rejected) {
        /** The report as maps, lists, numbers and texts. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("texts", texts);
            map.put("labels", labels);
            map.put(
                    "lengths",
                    Map.of(
                            "least", lengths.least,
                            "median", lengths.median,
                            "most_of_95_percent", lengths.most95,
                            "most", lengths.most));
            map.put("tokens", tokens);
            map.put("distinct", distinct);
            map.put("known", known);
            map.put("most_common", mostCommon);
            map.put(
                    "samples",
                    samples.stream()
                            .map(one -> Map.of("line", one.line, "labels", one.labels, "tokens", one.tokens))
                            .toList());
            map.put("rejected", rejected.stream().map(Rejected::toMap).toList());
            return map;
        }
    }

    /** Looks at all texts. @throws espalier.report.DataException when the table cannot be read, or no row can be used */
    public Report run() {
        var rows = data.read();
        var field = words.field();
        var counter = Vocabulary.counter();
        int[] lengths = new int[rows.texts().size()];
        long tokens = 0;
        for (int i = 0; i < lengths.length; i++) {
            var own = field.preprocess(rows.texts().get(i));
            counter.add(own);
            lengths[i] = own.size();
            tokens += own.size();
        }
        var all = counter.build(Integer.MAX_VALUE, 1, List.of());
        var known = counter.build(words.most(), words.minFrequency(), List.of());
        long found = known.mostCommon(known.size()).stream()
                .mapToLong(token -> all.frequencies().getOrDefault(token, 0L))
                .sum();
        Arrays.sort(lengths);
        Map<String, Long> common = new LinkedHashMap<>();
        all.mostCommon(MOST_COMMON)
                .forEach(token -> common.put(token, all.frequencies().getOrDefault(token, 0L)));
        Map<String, Integer> labels = new TreeMap<>();
        if (rows.quantities().isEmpty()) {
            rows.labels().forEach(some -> some.forEach(label -> labels.merge(label, 1, Integer::sum)));
        }
        return new Report(
                lengths.length,
                labels,
                new Lengths(
                        lengths[0],
                        lengths[(lengths.length - 1) / 2],
                        lengths[(int) (0.95 * (lengths.length - 1))],
                        lengths[lengths.length - 1]),
                tokens,
                all.size(),
                tokens == 0 ? 1 : (double) found / tokens,
                common,
                samples(rows),
                rows.rejected());
    }

    private List<Sample> samples(TextTable.Rows rows) {
        List<Sample> samples = new ArrayList<>();
        int[] order = Rng.of(seed).permutation(rows.texts().size());
        for (int i = 0; i < Math.min(count, order.length); i++) {
            samples.add(new Sample(
                    rows.lines().get(order[i]),
                    rows.labels().get(order[i]),
                    words.field().preprocess(rows.texts().get(order[i]))));
        }
        return samples;
    }
}
