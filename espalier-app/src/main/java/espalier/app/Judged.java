package espalier.app;

import espalier.data.LookAlikes;
import espalier.data.Splits;
import espalier.interpret.Predictions;
import espalier.item.Item;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a model said about labelled pictures; see {@link LabelledPictures#judge}.
 *
 * @param predictions the judged pictures, named by their paths
 * @param seconds how long predicting them took, reading included, loading the model not
 * @param rejected pictures that cannot be read, or whose class the model does not know
 * @param note what must be known to read the figures: how many of the pictures the model was trained on; empty when none
 */
public record Judged(Predictions predictions, double seconds, List<Rejected> rejected, Optional<String> note) {
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
            if (predictor.document().isNumeric()) {
                throw new IllegalArgumentException("the model says quantities, " + predictor.classes()
                        + ", and has no classes that could be right or wrong."
                        + " Maybe evaluate it, which gives its mean errors.");
            }
            if (tags && data.table().isEmpty()) {
                throw new IllegalArgumentException("the model gives any number of labels a picture, and the name of a"
                        + " folder is only one. Maybe the labels are in a CSV file.");
            }
            var found = data.like(predictor.document())
                    .find(TrainImage.like(predictor.document(), data.folder(), data.folder()));
            if (found.examples().isEmpty() && data.part().isPresent()) {
                throw emptyPart(data.part().get());
            }
            rejected.addAll(found.leftOut());
            found.examples().forEach(one -> label(one.item(), one.labels()));
            var note = sort(TrainedOn.of(predictor.document()));
            long start = System.nanoTime();
            predictor.predictAll(items.stream().map(Item::path).toList(), this::add);
            double seconds = (System.nanoTime() - start) / 1e9;
            if (judged.isEmpty()) {
                throw nothing();
            }
            return new Judged(predictions().items(judged), seconds, List.copyOf(rejected), note);
        }

        /** Leaves out what the model was trained on where that is most of it, and nothing else was asked for. */
        private Optional<String> sort(Optional<TrainedOn> trained) {
            var known = new BitSet();
            trained.ifPresent(marks -> IntStream.range(0, items.size())
                    .filter(i -> marks.has(items.get(i)))
                    .forEach(known::set));
            int all = items.size();
            int trainedOn = known.cardinality();
            if (trainedOn == 0) {
                return Optional.empty();
            }
            boolean most = 2 * trainedOn >= all && trainedOn < all;
            if (data.part().isPresent() || data.trainedToo() || !most) {
                return Optional.of("the model was trained on " + trainedOn + " of these " + all
                        + " pictures; on new ones it does worse");
            }
            leaveOut(known, items);
            leaveOut(known, targets);
            return Optional.of("the model was trained on " + trainedOn + " of these " + all
                    + " pictures; it is judged by the other " + (all - trainedOn));
        }

        private static <T> void leaveOut(BitSet places, List<T> list) {
            var rest = IntStream.range(0, list.size())
                    .filter(i -> !places.get(i))
                    .mapToObj(list::get)
                    .toList();
            list.clear();
            list.addAll(rest);
        }

        private void label(Item item, List<String> labels) {
            var indices = new TreeSet<Integer>();
            for (String name : labels) {
                if (!name.isEmpty() && only.isPresent() && !only.get().contains(name)) {
                    rejected.add(new Rejected(item.id(), "its class " + name + " is not one to judge by"));
                    return;
                }
                int index = predictor.classes().indexOf(name);
                if (index < 0 && !name.isEmpty()) {
                    rejected.add(new Rejected(
                            item.id(),
                            "its class " + name + " is not one of the model's"
                                    + LookAlikes.hint(name, predictor.classes())));
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
            double[] thresholds = predictor.document().thresholds().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            return thresholds.length == 0 ? all : all.thresholds(thresholds);
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
