package espalier.interpret;

import espalier.data.Loader;
import espalier.train.Learner;
import java.util.List;
import java.util.Map;

/**
 * Everything that predictions tell about a model, each part one call away.
 *
 * <pre>{@code
 * var interpretation = Interpretation.of(learner);
 * interpretation.confusionMatrix().plot(Path.of("confusion.png"));
 * interpretation.topLosses().largest(9);
 * interpretation.toMap();                     // all figures, for JSON
 * }</pre>
 */
public final class Interpretation {
    /** More classes than this have no curves in {@link #toMap}: they would be most of it and nobody's reading. */
    private static final int MOST_CURVES = 100;

    private final Predictions predictions;

    private Interpretation(Predictions predictions) {
        this.predictions = predictions;
    }

    /** The interpretation of predictions. */
    public static Interpretation of(Predictions predictions) {
        return new Interpretation(predictions);
    }

    /** The interpretation of what a learner says about its validation items. */
    public static Interpretation of(Learner<?> learner) {
        return of(learner, learner.loaders().valid());
    }

    /** The interpretation of what a learner says about the items of any loader, training's included, not augmented. */
    public static Interpretation of(Learner<?> learner, Loader<?> loader) {
        return of(Predictions.from(
                learner.predictions(loader.inOrder()), learner.loss().activation()));
    }

    /** What it is made of. */
    public Predictions predictions() {
        return predictions;
    }

    /** How many items of each class were called what. @throws IllegalStateException for multi-label predictions */
    public ConfusionMatrix confusionMatrix() {
        return ConfusionMatrix.of(predictions);
    }

    /** The confusions that occur at least {@code min} times, most frequent first. See {@link ConfusionMatrix#mostConfused}. */
    public List<ConfusionMatrix.Confusion> mostConfused(int min) {
        return confusionMatrix().mostConfused(min);
    }

    /** A 2x2 matrix for each label. */
    public MultiLabelConfusion labelConfusion() {
        return MultiLabelConfusion.of(predictions);
    }

    /** Precision, recall, F1 and support. */
    public ClassificationReport classificationReport() {
        return ClassificationReport.of(predictions);
    }

    /** The ROC curve of every class by name. */
    public Map<String, RocCurve> rocCurves() {
        return RocCurve.all(predictions);
    }

    /** The precision-recall curve of every class by name. */
    public Map<String, PrecisionRecallCurve> precisionRecallCurves() {
        return PrecisionRecallCurve.all(predictions);
    }

    /** Whether the probabilities mean what they say. */
    public Calibration calibration() {
        return Calibration.of(predictions);
    }

    /** The figures of all labels by threshold. */
    public ThresholdCurve thresholds() {
        return ThresholdCurve.of(predictions);
    }

    /** The items that the model got most wrong, most right, or was least sure of. */
    public TopLosses topLosses() {
        return TopLosses.of(predictions);
    }

    /** A report of all this as a page, to be written with {@link HtmlReport#write}. */
    public HtmlReport htmlReport() {
        return HtmlReport.of(predictions);
    }

    /**
     * All figures as maps, lists, numbers and texts, ready for any JSON writer: {@code items}, {@code mean_loss},
     * {@code report}, {@code confusion} or {@code label_confusion}, {@code calibration}, {@code curves} (up to 100
     * classes), {@code thresholds} (of labels), {@code top_losses} (20 each).
     */
    public Map<String, Object> toMap() {
        return toMap(20);
    }

    /** The same with another number of top losses of each kind. */
    public Map<String, Object> toMap(int topLosses) {
        var all = new Plain()
                .put("items", predictions.size())
                .put("multi_label", predictions.isMultiLabel())
                .put("mean_loss", predictions.meanLoss())
                .put("report", classificationReport().toMap());
        if (predictions.isMultiLabel()) {
            var thresholds = predictions.thresholds();
            all.put("threshold", thresholds.size() == 1 ? thresholds.get(0) : thresholds)
                    .put("label_confusion", labelConfusion().toMap());
        } else {
            all.put("confusion", confusionMatrix().toMap());
        }
        if (predictions.size() > 0) {
            all.put("calibration", calibration().toMap());
            if (predictions.classes().size() <= MOST_CURVES) {
                all.put("curves", curves());
                if (predictions.isMultiLabel()) {
                    all.put("thresholds", thresholds().toMap());
                }
            }
        }
        return all.put("top_losses", topLosses().toMap(topLosses)).map();
    }

    private Map<String, Object> curves() {
        var roc = rocCurves();
        var precisionRecall = precisionRecallCurves();
        var byClass = new Plain();
        for (String name : predictions.classes()) {
            byClass.put(
                    name,
                    new Plain()
                            .put(
                                    "roc",
                                    java.util.Objects.requireNonNull(roc.get(name))
                                            .toMap())
                            .put(
                                    "precision_recall",
                                    java.util.Objects.requireNonNull(precisionRecall.get(name))
                                            .toMap())
                            .map());
        }
        return new Plain()
                .put("macro_auc", RocCurve.macroAuc(roc.values()))
                .put("classes", byClass.map())
                .map();
    }
}
