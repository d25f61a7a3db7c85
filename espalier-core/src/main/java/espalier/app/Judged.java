package espalier.app;

import espalier.data.DataException;
import espalier.data.Item;
import espalier.data.Splits;
import espalier.interpret.Predictions;
import espalier.model.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a model said about labelled pictures; see {@link LabelledPictures#judge}.
 *
 * @param predictions the judged pictures, named by their paths
 * @param seconds how long predicting them took, reading included, loading the model not
 * @param rejected pictures that cannot be read, or whose class the model does not know
 */
public record Judged(Predictions predictions, double seconds, List<Rejected> rejected) {
    /** The pictures judged in a second. */
    public double imagesPerSecond() {
        return seconds > 0 ? predictions.size() / seconds : 0;
    }

    static Judged by(Predictor predictor, LabelledPictures data, Progress progress) {
        return new Collector(predictor, data, Optional.empty(), progress).run();
    }

    /** The same by the pictures alone all of whose labels are among {@code labels}. */
    static Judged by(Predictor predictor, LabelledPictures data, Set<String> labels, Progress progress) {
        return new Collector(predictor, data, Optional.of(labels), progress).run();
    }

    /** The answers while they come in. */
    private static final class Collector {
        private final Predictor predictor;
        private final LabelledPictures data;
        private final Optional<Set<String>> only;
        private final Progress progress;
        private final boolean tags;
        private final List<Item> items = new ArrayList<>();
        private final List<Set<Integer>> targets = new ArrayList<>();
        private final List<String> judged = new ArrayList<>();
        private final List<Set<Integer>> right = new ArrayList<>();
        private final List<float[]> probabilities = new ArrayList<>();
        private final List<Rejected> rejected = new ArrayList<>();
        private int seen;

        Collector(Predictor predictor, LabelledPictures data, Optional<Set<String>> only, Progress progress) {
            this.predictor = predictor;
            this.data = data;
            this.only = only;
            this.progress = progress;
            this.tags = predictor.document().isMultiLabel();
        }

        Judged run() {
            if (tags && data.csv().isEmpty()) {
                throw new IllegalArgumentException("the model gives any number of labels a picture, and the name of a"
                        + " folder is only one. Maybe the labels are in a CSV file.");
            }
            var found = data.find(TrainImage.like(predictor.document(), data.folder(), data.folder()));
            if (found.items().isEmpty() && data.part().isPresent()) {
                throw emptyPart(data.part().get());
            }
            rejected.addAll(found.rejected());
            for (int i = 0; i < found.items().size(); i++) {
                label(found.items().get(i), found.labels().get(i).get(0));
            }
            long start = System.nanoTime();
            predictor.predictAll(items.stream().map(Item::path).toList(), this::add);
            double seconds = (System.nanoTime() - start) / 1e9;
            if (judged.isEmpty()) {
                throw nothing();
            }
            return new Judged(predictions().items(judged), seconds, List.copyOf(rejected));
        }

        private void label(Item item, String label) {
            var indices = new TreeSet<Integer>();
            for (String name : tags ? label.strip().split("\\s+") : new String[] {label}) {
                if (!name.isEmpty() && only.isPresent() && !only.get().contains(name)) {
                    rejected.add(new Rejected(item.id(), "its class " + name + " is not one to judge by"));
                    return;
                }
                int index = predictor.classes().indexOf(name);
                if (index < 0 && !name.isEmpty()) {
                    rejected.add(new Rejected(item.id(), "its class " + name + " is not one of the model's"));
                    return;
                }
                if (index >= 0) {
                    indices.add(index);
                }
            }
            if (!tags && indices.isEmpty()) {
                rejected.add(new Rejected(item.id(), "has no label"));
                return;
            }
            items.add(item);
            targets.add(indices);
        }

        private void add(Predictor.Answer answer) {
            int index = seen++;
            answer.prediction().ifPresent(prediction -> {
                judged.add(items.get(index).path().toString());
                right.add(targets.get(index));
                probabilities.add(prediction.probabilities());
            });
            answer.error()
                    .ifPresent(
                            reason -> rejected.add(new Rejected(items.get(index).id(), reason)));
            progress.update(seen, items.size(), "");
        }

        private Predictions predictions() {
            float[][] rows = probabilities.toArray(float[][]::new);
            if (!tags) {
                return Predictions.of(
                        predictor.classes(),
                        rows,
                        right.stream().mapToInt(only -> only.iterator().next()).toArray());
            }
            var flags = new boolean[rows.length][predictor.classes().size()];
            for (int i = 0; i < flags.length; i++) {
                for (int label : right.get(i)) {
                    flags[i][label] = true;
                }
            }
            var all = Predictions.multiLabel(predictor.classes(), rows, flags);
            var thresholds = predictor.document().thresholds();
            return thresholds.isEmpty() ? all : all.threshold(thresholds.get(0));
        }

        private DataException emptyPart(Splits.Part part) {
            String name = part.name().toLowerCase(Locale.ROOT);
            return new DataException("there is no picture in the part " + name + " of " + data.folder()
                    + ". Maybe there is no folder of that name, or the list gives no picture to it: --split all takes"
                    + " every picture.");
        }

        private DataException nothing() {
            var names = predictor.classes();
            String shown = names.stream().limit(10).toList() + (names.size() > 10 ? " and others" : "");
            return new DataException("no picture below " + data.folder() + " can be judged"
                    + (rejected.isEmpty() ? "" : ": " + rejected.size() + " were rejected, first " + rejected.get(0))
                    + ". Maybe its sub-folders are not named after the model's classes " + shown + ".");
        }
    }
}
