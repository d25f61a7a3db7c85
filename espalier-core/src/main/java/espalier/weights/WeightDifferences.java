package espalier.weights;

import espalier.report.PlainText;
import espalier.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the weights of a file differ from those that a network has: strict loading takes none with differences.
 * The counters {@code num_batches_tracked} of batch norms, which predictions do not use and old files lack,
 * may be absent on either side.
 *
 * @param missing names that the network has and the file has not, with their shapes
 * @param unexpected names that the file has and the network has not, with their shapes
 * @param mismatched names that both have with different shapes, with both shapes
 */
public record WeightDifferences(List<String> missing, List<String> unexpected, List<String> mismatched) {
    private static final int SHOWN = 10;
    private static final String COUNTER = "num_batches_tracked";

    public WeightDifferences {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        mismatched = List.copyOf(mismatched);
    }

    /** Compares the shapes that a network expects with those that a file has, by name. */
    public static WeightDifferences of(Map<String, Shape> expected, Map<String, Shape> actual) {
        List<String> missing = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        List<String> mismatched = new ArrayList<>();
        expected.forEach((name, shape) -> {
            Shape other = actual.get(name);
            if (other != null && !other.equals(shape)) {
                mismatched.add(name + ": expected " + shape + ", received " + other + hint(shape, other));
            } else if (other == null && !name.endsWith(COUNTER)) {
                missing.add(name + " " + shape);
            }
        });
        actual.forEach((name, shape) -> {
            if (!expected.containsKey(name) && !name.endsWith(COUNTER)) {
                unexpected.add(name + " " + shape);
            }
        });
        return new WeightDifferences(missing, unexpected, mismatched);
    }

    private static String hint(Shape expected, Shape actual) {
        boolean transposed = expected.dim() == 2
                && actual.dim() == 2
                && expected.size(0) == actual.size(1)
                && expected.size(1) == actual.size(0);
        return transposed ? " (transposed)" : "";
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
    }

    /** The differences as a readable text of several lines, the first ten of each kind, with advice. */
    public String message() {
        var text = new StringBuilder("%d missing, %d unexpected, %d mismatched tensors"
                .formatted(missing.size(), unexpected.size(), mismatched.size()));
        list(text, "missing", missing);
        list(text, "unexpected", unexpected);
        list(text, "mismatched", mismatched);
        return text.append("\nMaybe the file is of another architecture")
                .append(advice())
                .append('.')
                .toString();
    }

    private String advice() {
        boolean onlyHead = missing.isEmpty() && unexpected.isEmpty() && mismatched.size() <= 2;
        return onlyHead ? " or has another number of classes" : "";
    }

    private static void list(StringBuilder text, String kind, List<String> names) {
        names.stream()
                .limit(SHOWN)
                .forEach(name -> text.append("\n  ").append(kind).append(": ").append(PlainText.line(name, 300)));
        if (names.size() > SHOWN) {
            text.append("\n  and ")
                    .append(names.size() - SHOWN)
                    .append(" more ")
                    .append(kind);
        }
    }
}
