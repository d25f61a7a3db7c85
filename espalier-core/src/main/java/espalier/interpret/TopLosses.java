package espalier.interpret;

import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The items that a model got most wrong, most right, or was least sure of: the first place to look for wrong labels
 * and for what the model does not see.
 */
public final class TopLosses {
    private final Predictions predictions;

    /**
     * One item as the model saw it.
     *
     * @param index its place among the predictions
     * @param item its name, usually a path
     * @param predicted the predicted class, or labels with commas
     * @param actual the right class, or labels with commas
     * @param loss its loss; NaN counts as largest
     * @param probability of the predicted class; for labels, of the least sure decision
     * @param actualProbability of the right class; for labels, of the right decision that seemed least probable
     */
    public record Item(
            int index,
            String item,
            String predicted,
            String actual,
            double loss,
            double probability,
            double actualProbability) {
        /** True when the prediction is right. */
        public boolean isRight() {
            return predicted.equals(actual);
        }

        /** The item as plain values. */
        public Map<String, Object> toMap() {
            return new Plain()
                    .put("item", item)
                    .put("predicted", predicted)
                    .put("actual", actual)
                    .put("loss", loss)
                    .put("probability", probability)
                    .put("actual_probability", actualProbability)
                    .map();
        }
    }

    private TopLosses(Predictions predictions) {
        this.predictions = predictions;
    }

    /** The top losses of predictions. */
    public static TopLosses of(Predictions predictions) {
        return new TopLosses(predictions);
    }

    /** The {@code max} items of largest loss, largest first, equals in their order. */
    public List<Item> largest(int max) {
        return first(max, Comparator.comparingDouble(predictions::loss).reversed());
    }

    /** The {@code max} items of largest loss among those that were predicted wrongly, largest first. */
    public List<Item> mistakes(int max) {
        return sorted(Comparator.comparingDouble(predictions::loss).reversed())
                .filter(i -> !predictions.predictedName(i).equals(predictions.actualName(i)))
                .limit(max)
                .map(this::item)
                .toList();
    }

    /** The {@code max} items of smallest loss, smallest first. */
    public List<Item> smallest(int max) {
        return first(max, Comparator.comparingDouble(predictions::loss));
    }

    /** The {@code max} items whose prediction is least sure: the lowest {@link Item#probability} first. */
    public List<Item> leastSure(int max) {
        double[] sure = IntStream.range(0, predictions.size())
                .mapToDouble(i -> probability(i, false))
                .toArray();
        return first(max, Comparator.comparingDouble(i -> sure[i]));
    }

    /**
     * A grid of pictures with predicted class, right class, loss and probability below each.
     *
     * @param items those to show, for example {@link #largest largest(9)}
     * @param pictures reads the picture of an item by its name; what it throws is written in the picture's place
     */
    public static Plot plot(List<Item> items, Function<String, BufferedImage> pictures) {
        return GridPlot.of(items, pictures);
    }

    /** The first {@code max} of each list as plain values: {@code largest}, {@code smallest}, {@code least_sure}. */
    public Map<String, Object> toMap(int max) {
        return new Plain()
                .put("largest", largest(max).stream().map(Item::toMap).toList())
                .put("smallest", smallest(max).stream().map(Item::toMap).toList())
                .put("least_sure", leastSure(max).stream().map(Item::toMap).toList())
                .map();
    }

    private List<Item> first(int max, Comparator<Integer> order) {
        return sorted(order).limit(max).map(this::item).toList();
    }

    private Stream<Integer> sorted(Comparator<Integer> order) {
        return IntStream.range(0, predictions.size()).boxed().sorted(order);
    }

    private Item item(int i) {
        return new Item(
                i,
                predictions.items().get(i),
                predictions.predictedName(i),
                predictions.actualName(i),
                predictions.loss(i),
                probability(i, false),
                probability(i, true));
    }

    private double probability(int item, boolean actual) {
        if (!predictions.isMultiLabel()) {
            return predictions.probability(item, actual ? predictions.target(item) : predictions.predicted(item));
        }
        double least = 1;
        for (int c = 0; c < predictions.classes().size(); c++) {
            double p = predictions.probability(item, c);
            boolean given = actual ? predictions.has(item, c) : predictions.says(item, c);
            least = Math.min(least, given ? p : 1 - p);
        }
        return least;
    }
}
