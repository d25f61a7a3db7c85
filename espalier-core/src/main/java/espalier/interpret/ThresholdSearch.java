package espalier.interpret;

import espalier.metric.Average;
import espalier.metric.Counts;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Finds the thresholds by which an F-score of labels is highest: one for all labels, or one for each. Tried are 0.01, 0.02 and
 * so on to 0.99; a label counts as given when its probability is above its threshold.
 *
 * <pre>{@code
 * double[] cut = ThresholdSearch.standard().best(predictions);
 * predictions.thresholds(cut);
 * }</pre>
 *
 * <p>Search on items that the model was not trained on. The score there is a little flattering: judge on yet others.
 *
 * @param score what is to be highest: F2, the mean over the items
 * @param each whether each label has a threshold of its own. They are found in turn, twice, starting from the best common one,
 *     which labels of fewer than five items keep: their own would be a matter of chance.
 */
public record ThresholdSearch(Score score, boolean each) {
    private static final int FEWEST = 5;
    private static final int ROUNDS = 2;

    /**
     * An F-score over labels.
     *
     * @param beta how many times as much recall counts as precision
     * @param average over the items ({@code SAMPLES}), over the labels ({@code MACRO}), or of all answers together ({@code MICRO})
     */
    public record Score(double beta, Average average) {
        private static final Pattern FORM = Pattern.compile("f([0-9]+(?:[.][0-9]+)?)_(samples|macro|micro)");

        /** Checks the numbers. */
        public Score {
            if (!(beta > 0) || average == Average.BINARY || average == Average.WEIGHTED) {
                throw new IllegalArgumentException(
                        "thresholds are searched for an F-score with a positive beta, averaged"
                                + " over samples, labels (macro) or answers (micro), received beta " + beta + " and "
                                + average.name().toLowerCase(Locale.ROOT) + ".");
            }
        }

        /** The score of a name such as {@code "f2_samples"}, {@code "f1_macro"} or {@code "f0.5_micro"}. */
        public static Score named(String name) {
            var match = FORM.matcher(name.strip().toLowerCase(Locale.ROOT));
            if (!match.matches()) {
                throw new IllegalArgumentException("there is no score \"" + name + "\" to search thresholds by."
                        + " Maybe f2_samples, f1_samples, f2_macro, f1_macro or f1_micro.");
            }
            return new Score(
                    Double.parseDouble(match.group(1)),
                    Average.valueOf(match.group(2).toUpperCase(Locale.ROOT)));
        }

        /** The name of {@link #named}. */
        public String name() {
            String number = beta == Math.rint(beta) ? String.valueOf((long) beta) : String.valueOf(beta);
            return "f" + number + "_" + average.name().toLowerCase(Locale.ROOT);
        }

        /** The score of predictions with their thresholds; nothing said where nothing is so counts as 0, as in scikit-learn. */
        public double of(Predictions predictions) {
            return ClassificationReport.of(predictions).fBeta(beta, average);
        }
    }

    /** One threshold for all, by F2 of the items: Kaggle's planet. */
    public static ThresholdSearch standard() {
        return new ThresholdSearch(new Score(2, Average.SAMPLES), false);
    }

    /** The same by another score. */
    public ThresholdSearch score(Score other) {
        return new ThresholdSearch(other, each);
    }

    /** The same with a threshold of its own for each label. */
    public ThresholdSearch forEach() {
        return new ThresholdSearch(score, true);
    }

    /**
     * The best thresholds: one for all, or one for each label. Of equally good ones, those nearest to 0.5; for a single label,
     * nearest to the common one.
     *
     * @throws IllegalArgumentException for items of one class each, or none
     */
    public double[] best(Predictions predictions) {
        if (!predictions.isMultiLabel() || predictions.size() == 0) {
            throw new IllegalArgumentException("thresholds are for items with any number of labels, received "
                    + predictions.size() + " items of "
                    + (predictions.isMultiLabel() ? "any number of labels" : "one class each")
                    + ". Maybe there are no validation items.");
        }
        return new Search(predictions).run();
    }

    /** One search. */
    private final class Search {
        private final Predictions predictions;
        private final int labels;
        private final double[] thresholds;

        Search(Predictions predictions) {
            this.predictions = predictions;
            this.labels = predictions.classes().size();
            this.thresholds = new double[labels];
        }

        double[] run() {
            double common = common();
            if (!each) {
                return new double[] {common};
            }
            Arrays.fill(thresholds, common);
            for (int round = 0; round < ROUNDS; round++) {
                for (int label = 0; label < labels; label++) {
                    if (support(label) >= FEWEST) {
                        thresholds[label] = own(label, common);
                    }
                }
            }
            return thresholds;
        }

        private double common() {
            double best = 0.5;
            double highest = -1;
            for (int i = 1; i < 100; i++) {
                double threshold = i / 100.0;
                Arrays.fill(thresholds, threshold);
                double reached = mean(counted(-1));
                if (reached > highest || (reached == highest && Math.abs(threshold - 0.5) < Math.abs(best - 0.5))) {
                    best = threshold;
                    highest = reached;
                }
            }
            return best;
        }

        private double own(int label, double common) {
            long[][] others = counted(label);
            double best = thresholds[label];
            double highest = -1;
            for (int i = 1; i < 100; i++) {
                double threshold = i / 100.0;
                long[][] all = Arrays.stream(others).map(long[]::clone).toArray(long[][]::new);
                count(all, label, threshold);
                double reached = mean(all);
                if (reached > highest
                        || (reached == highest && Math.abs(threshold - common) < Math.abs(best - common))) {
                    best = threshold;
                    highest = reached;
                }
            }
            return best;
        }

        private long support(int label) {
            long count = 0;
            for (int item = 0; item < predictions.size(); item++) {
                count += predictions.has(item, label) ? 1 : 0;
            }
            return count;
        }

        /** The answers of all labels but one, item by item, label by label, or all together. */
        private long[][] counted(int without) {
            long[][] tallies = new long
                    [switch (score.average()) {
                        case SAMPLES -> predictions.size();
                        case MACRO -> labels;
                        default -> 1;
                    }]
                    [4];
            for (int label = 0; label < labels; label++) {
                if (label != without) {
                    count(tallies, label, thresholds[label]);
                }
            }
            return tallies;
        }

        private void count(long[][] tallies, int label, double threshold) {
            for (int item = 0; item < predictions.size(); item++) {
                int group =
                        switch (score.average()) {
                            case SAMPLES -> item;
                            case MACRO -> label;
                            default -> 0;
                        };
                boolean says = predictions.probability(item, label) > threshold;
                tallies[group][(says ? 1 : 0) + (predictions.has(item, label) ? 2 : 0)]++;
            }
        }

        private double mean(long[][] tallies) {
            double sum = 0;
            for (long[] tally : tallies) {
                sum += new Counts(tally[3], tally[1], tally[2], tally[0]).fBeta(score.beta(), 0);
            }
            return sum / tallies.length;
        }
    }
}
