package espalier.interpret;

import espalier.metric.Counts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often each label was rightly and wrongly given and withheld: one 2x2 matrix a label, as scikit-learn's
 * {@code multilabel_confusion_matrix}. One matrix of all labels would pair labels that have nothing to do with each
 * other, which is what fastai shows for tags.
 */
public final class MultiLabelConfusion {
    private final List<Matrix> matrices;

    /**
     * The 2x2 matrix of one label, in numbers of items.
     *
     * @param truePositives have the label and are said to
     * @param falsePositives do not have it but are said to
     * @param falseNegatives have it but are not said to
     * @param trueNegatives do not have it and are not said to
     */
    public record Matrix(
            String label, long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
        static Matrix of(String label, Counts counts) {
            return new Matrix(
                    label,
                    counts.truePositives(),
                    counts.falsePositives(),
                    counts.falseNegatives(),
                    counts.trueNegatives());
        }

        Map<String, Object> toMap() {
            return new Plain()
                    .put("label", label)
                    .put("tp", truePositives)
                    .put("fp", falsePositives)
                    .put("fn", falseNegatives)
                    .put("tn", trueNegatives)
                    .map();
        }
    }

    private MultiLabelConfusion(List<Matrix> matrices) {
        this.matrices = matrices;
    }

    /** The matrices of predictions; for items of one class, each class against the rest. */
    public static MultiLabelConfusion of(Predictions predictions) {
        return new MultiLabelConfusion(NamedCounts.ofClasses(predictions).stream()
                .map(named -> Matrix.of(named.name(), named.counts()))
                .toList());
    }

    /** The matrices, in the order of the labels. */
    public List<Matrix> matrices() {
        return matrices;
    }

    /** The matrix of the label of this name. */
    public Optional<Matrix> label(String name) {
        return matrices.stream().filter(m -> m.label().equals(name)).findFirst();
    }

    /** The matrices as plain maps under {@code labels}. */
    public Map<String, Object> toMap() {
        return new Plain()
                .put("labels", matrices.stream().map(Matrix::toMap).toList())
                .map();
    }

    /** The matrices for a terminal, one line a label. */
    public String text() {
        var names = matrices.stream().map(m -> Names.shown(m.label(), 40)).toList();
        int side = Math.max(
                "label".length(), names.stream().mapToInt(Names::length).max().orElse(0));
        var out = new StringBuilder(Names.left("label", side));
        for (String head : List.of("right", "missed", "invented", "rightly not")) {
            out.append("  ").append(Names.right(head, 11));
        }
        out.append('\n');
        for (int i = 0; i < names.size(); i++) {
            Matrix m = matrices.get(i);
            out.append(Names.left(names.get(i), side));
            for (long count :
                    new long[] {m.truePositives(), m.falseNegatives(), m.falsePositives(), m.trueNegatives()}) {
                out.append("  ").append(Names.right(Long.toString(count), 11));
            }
            out.append('\n');
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
