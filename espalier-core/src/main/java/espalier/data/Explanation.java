package espalier.data;

import espalier.data.DataBlock.Spec;
import espalier.report.PlainText;
import espalier.tensor.Scope;
import java.nio.file.Path;
import java.util.TreeMap;

/** The text of {@link DataBlock#explain}. */
final class Explanation<X> {
    /** Letters of a list of classes: some hundred of them. */
    private static final int SHOWN = 2_000;

    private static final int MOST_REJECTED = 20;

    private final Spec<X> spec;
    private final Loaders<X> loaders;
    private final Path root;
    private final StringBuilder out = new StringBuilder();

    Explanation(Spec<X> spec, Loaders<X> loaders, Path root) {
        this.spec = spec;
        this.loaders = loaders;
        this.root = root;
    }

    String text() {
        var train = loaders.train().dataset();
        line("Data in " + root);
        line("  inputs    " + spec.input().name());
        String kind = loaders.target().hasClasses() ? " classes: " : " numbers: ";
        line("  targets   " + loaders.target().task() + ", " + loaders.classes().size() + kind
                + shortened(loaders.classes().toString()));
        line("  items     " + train.size() + " for training, "
                + loaders.valid().dataset().size() + " for validation, "
                + loaders.test().dataset().size() + " for a test, "
                + loaders.rejected().size() + " rejected");
        var counts = new TreeMap<String, Integer>();
        train.labels().forEach(labels -> labels.forEach(label -> counts.merge(label, 1, Integer::sum)));
        line("  training  " + shortened(counts.toString()));
        loaders.warnings().forEach(warning -> line("  warning   " + warning));
        var rejected = loaders.rejected();
        rejected.stream().limit(MOST_REJECTED).forEach(one -> line("  rejected  " + one));
        if (rejected.size() > MOST_REJECTED) {
            line("  rejected  ... and " + (rejected.size() - MOST_REJECTED) + " more");
        }
        explainFirst(train);
        return out.toString();
    }

    private void explainFirst(Dataset train) {
        var item = train.items().get(0);
        line("The first training item: " + item.id() + ", labelled "
                + train.labels().get(0));
        spec.input()
                .explain(item, spec.itemTransforms())
                .forEach(step -> line("  " + pad(step.getKey()) + step.getValue()));
        spec.batchTransforms().forEach(t -> line("  " + pad(t.name()) + "the whole batch, " + t.parameters()));
        try (var scope = Scope.open();
                var batches = loaders.train().epoch(0)) {
            if (batches.hasNext()) {
                var batch = batches.next();
                line("  " + pad("batch") + "inputs " + batch.x().shape() + " "
                        + batch.x().dtype().torchName()
                        + ", targets " + batch.y().shape() + " "
                        + batch.y().dtype().torchName() + "; "
                        + loaders.train().batches() + (loaders.train().batches() == 1 ? " batch" : " batches")
                        + " an epoch");
            }
        }
    }

    private void line(String text) {
        out.append(PlainText.line(text)).append('\n'); // labels and names of files are in it
    }

    private static String pad(String name) {
        return name.length() >= 22 ? name + " " : name + " ".repeat(22 - name.length());
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 3) + "...";
    }
}
