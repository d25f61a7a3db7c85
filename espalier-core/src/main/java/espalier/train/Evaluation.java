package espalier.train;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How good a model is on some items.
 *
 * @param loss the mean loss; empty without items
 * @param metrics the metrics by name; each empty without items
 * @param items how many items were judged
 * @param seconds how long it took, reading included
 */
public record Evaluation(OptionalDouble loss, Map<String, OptionalDouble> metrics, int items, double seconds) {}
