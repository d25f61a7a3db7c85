package espalier.text;

import espalier.format.ModelDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A trained linear model of texts: of their classes, tags or quantities. Plain Java, immutable, safe to share between threads. */
public final class TextClassifier implements TextPredictor {
    private final List<String> classes;
    private final TextOutput output;
    private final FittedTfIdf features;
    private final LinearModel model;

    TextClassifier(List<String> classes, TextOutput output, FittedTfIdf features, LinearModel model) {
        this.classes = List.copyOf(classes);
        this.output = output;
        this.features = features;
        this.model = model;
    }

    /** What was fitted to texts. */
    static TextClassifier of(LabelledTexts texts, FittedTfIdf features, LinearModel fitted) {
        var targets = texts.targets();
        return new TextClassifier(texts.classes(), targets.output(), features, targets.inUnits(fitted));
    }

    /** What is said of a text. */
    public TextOutput output() {
        return output;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    /** Whether a text may have any number of labels. */
    public boolean isMultiLabel() {
        return output == TextOutput.TAGS;
    }

    /** How texts become features. */
    public FittedTfIdf features() {
        return features;
    }

    /** The weights. */
    public LinearModel model() {
        return model;
    }

    /** The probability of each class or tag, or the quantities. @shape {@code [K]} */
    public float[] probabilities(String text) {
        return output.of(model.scores(features.transform(text)), classes.size());
    }

    /** The most probable class. */
    public String label(String text) {
        return classes.get(TextOutput.greatest(probabilities(text)));
    }

    @Override
    public float[][] probabilities(List<String> texts) {
        return texts.stream().map(this::probabilities).toArray(float[][]::new);
    }

    @Override
    public String engine() {
        return "espalier, plain Java";
    }

    /** Nothing to free. */
    @Override
    public void close() {}

    @Override
    public List<Telling> explain(String text, int label, int most) {
        var row = features.transform(text);
        List<Telling> all = new ArrayList<>();
        for (int i = 0; i < row.columns().length; i++) {
            all.add(new Telling(features.name(row.columns()[i]), row.values()[i] * weight(row.columns()[i], label)));
        }
        return farthest(all, Comparator.comparingDouble(one -> -Math.abs(one.weight())), most);
    }

    @Override
    public List<Telling> telling(List<String> texts, int label, int most) {
        return telling(label, most);
    }

    /** The {@code most} n-grams that speak for a class most, by the weights alone; those of the rest speak against it. */
    public List<Telling> telling(int label, int most) {
        List<Telling> all = new ArrayList<>();
        for (int column = 0; column < features.size(); column++) {
            all.add(new Telling(features.name(column), weight(column, label)));
        }
        return farthest(all, Comparator.comparingDouble(one -> -one.weight()), most);
    }

    private static List<Telling> farthest(List<Telling> all, Comparator<Telling> order, int most) {
        return all.stream()
                .filter(one -> one.weight() != 0)
                .sorted(order)
                .limit(most)
                .toList();
    }

    private double weight(int column, int label) {
        if (model.outputs() < classes.size()) {
            return label == 1 ? model.weight(column, 0) : -model.weight(column, 0);
        }
        return model.weight(column, label);
    }

    /** Writes the model file. @throws ModelFileException when it cannot be written */
    public ModelDocument export(Path file) {
        return export(file, Map.of(), Map.of());
    }

    /**
     * The same, saying what else is known.
     *
     * @param metrics the last values on the validation set by name
     * @param details of the training
     */
    public ModelDocument export(Path file, Map<String, Object> metrics, Map<String, Object> details) {
        return TextModelFile.save(file, this, metrics, details);
    }
}
