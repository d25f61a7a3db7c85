package espalier.onnx;

import espalier.app.Evaluate;
import espalier.app.LabelledPictures;
import espalier.files.AtomicFiles;
import espalier.format.ModelFileException;
import espalier.image.Image;
import espalier.item.Item;
import espalier.onnxruntime.OnnxEngine;
import espalier.onnxruntime.OnnxModel;
import espalier.onnxruntime.OnnxProbe;
import espalier.predict.Engines;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The job of writing a model for pictures as an ONNX file that computes in int8, two to three times as fast where the
 * processor has instructions for it (VNNI, AMX, dot products of ARM), in a quarter of the size. How values are rounded is
 * found by pictures of the user's, and what that costs is measured by labelled ones: a model that loses more than is allowed
 * is not written.
 *
 * <pre>{@code
 * var data = LabelledPictures.of(Path.of("photos"));
 * var result = QuantisedExport.of(OnnxExport.of(model, out), data).run(Progress.NONE);
 * System.out.println(result.before() + " became " + result.after());
 * }</pre>
 *
 * @param export what is written where
 * @param data the labelled pictures; all below their folder, at most 128 evenly chosen, say how values are rounded
 * @param maxLoss by how many points, hundredths of the metric, the model may become worse
 */
public record QuantisedExport(OnnxExport export, LabelledPictures data, double maxLoss) {
    /** The loss that is allowed when nobody says, in points. */
    public static final double MAX_LOSS = 0.5;

    private static final int MOST_PICTURES = 128;
    private static final int TOGETHER = 4;

    /** The share of a value's numbers at either end for which there need not be room. */
    private static final double CUT = 1e-5;

    /** With the loss of 0.5 points. */
    public static QuantisedExport of(OnnxExport export, LabelledPictures data) {
        return new QuantisedExport(export, data, MAX_LOSS);
    }

    /** A copy that may lose another number of points. */
    public QuantisedExport maxLoss(double points) {
        return new QuantisedExport(export, data, points);
    }

    /**
     * What was written.
     *
     * @param file the file; its difference is that of the float32 model from libtorch's
     * @param layers how many layers with weights compute in int8
     * @param calibrated by how many pictures
     * @param judged by how many pictures both models were judged
     * @param metric by what: {@code accuracy}, for tags {@code average_precision}, for quantities {@code r2_score}
     * @param before its value in float32
     * @param after its value in int8
     * @param note what must be known to read these figures
     */
    public record Result(
            OnnxExport.Result file,
            int layers,
            int calibrated,
            int judged,
            String metric,
            double before,
            double after,
            Optional<String> note) {
        /** By how many points the model became worse; negative when it became better. */
        public double loss() {
            return 100 * (before - after);
        }
    }

    /** A model on its way: in float32 and in int8. */
    private record Pair(OnnxModel whole, OnnxModel int8, OnnxExport.Result written, int layers, int calibrated) {}

    /**
     * Quantises, judges and writes.
     *
     * @param progress hears of pictures
     * @throws ModelFileException when the model cannot be exported, has nothing to quantise, or loses too much
     * @throws DataException when there are no labelled pictures to judge by
     * @throws IOException when the file cannot be written
     */
    public Result run(Progress progress) throws IOException {
        var pair = quantised(progress);
        var before = judge(pair.whole(), progress);
        var after = judge(pair.int8(), progress);
        var document = pair.whole().document();
        String metric = document.isNumeric() ? "r2_score" : document.isMultiLabel() ? "average_precision" : "accuracy";
        var result = new Result(
                pair.written(),
                pair.layers(),
                pair.calibrated(),
                before.n(),
                metric,
                before.metrics().getOrDefault(metric, Double.NaN),
                after.metrics().getOrDefault(metric, Double.NaN),
                before.note());
        checkLoss(result);
        AtomicFiles.writeBytes(export.out(), pair.int8().bytes());
        return result;
    }

    /** Quantises and writes without judging, as for measuring times: the pictures need no labels. */
    public OnnxExport.Result unjudged(Progress progress) throws IOException {
        var pair = quantised(progress);
        AtomicFiles.writeBytes(export.out(), pair.int8().bytes());
        return pair.written();
    }

    private Pair quantised(Progress progress) {
        try (var predictor = Predictor.load(export.model(), Engines.LIBTORCH)) {
            var task = OnnxExport.pictures(predictor, export.model());
            var way = new PictureExport(task, export.input());
            var whole = export.write(way);
            double difference = way.check(whole);
            var quantiser = quantiser(whole);
            var pictures = pictures(task);
            var int8 = way.answered(quantiser.write(ranges(whole, quantiser, pictures, progress)));
            return new Pair(
                    whole, int8, OnnxExport.result(int8, difference), quantiser.weightedLayers(), pictures.size());
        }
    }

    private Quantiser quantiser(OnnxModel model) {
        try {
            return Quantiser.of(model.bytes());
        } catch (IllegalArgumentException useless) {
            throw new ModelFileException(export.model() + " cannot be quantised: " + useless.getMessage(), useless);
        }
    }

    private List<Image> pictures(ImageTask task) {
        // what cannot be read is left out here: judging tells of it
        var found = task.find(data.folder()).items();
        var pictures = new ArrayList<Image>();
        int count = Math.min(MOST_PICTURES, found.size());
        for (int i = 0; i < count; i++) {
            Item one = found.get((int) ((long) i * found.size() / count));
            read(task, one).ifPresent(pictures::add);
        }
        if (pictures.isEmpty()) {
            throw new DataException(
                    "there is no readable picture below " + data.folder() + ". Maybe another folder was meant.");
        }
        return pictures;
    }

    private static Optional<Image> read(ImageTask task, Item item) {
        try {
            return Optional.of(task.read(item.path()));
        } catch (DataException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<String, float[]> ranges(
            OnnxModel model, Quantiser quantiser, List<Image> pictures, Progress progress) {
        Map<String, Histogram> seen = new HashMap<>();
        try (var probe = OnnxProbe.of(model, quantiser.values())) {
            for (int from = 0; from < pictures.size(); from += TOGETHER) {
                var some = pictures.subList(from, Math.min(pictures.size(), from + TOGETHER));
                probe.run(
                        ImageTask.inputs(some),
                        (name, numbers) -> seen.computeIfAbsent(name, unused -> new Histogram())
                                .add(numbers));
                progress.update(from + some.size(), pictures.size(), "ranges");
            }
        }
        Map<String, float[]> ranges = new HashMap<>();
        seen.forEach((name, histogram) -> ranges.put(name, histogram.range(CUT)));
        return ranges;
    }

    private Evaluate.Result judge(OnnxModel model, Progress progress) {
        var task = new ImageTask.Provider()
                .open(model.document(), OnnxEngine.of(model), Optional.empty())
                .orElseThrow();
        try (var predictor = Predictor.of(task)) {
            return new Evaluate(export.model(), data).run(predictor, progress);
        }
    }

    private void checkLoss(Result result) {
        if (result.loss() <= maxLoss) {
            return;
        }
        throw new ModelFileException(String.format(
                Locale.ROOT,
                "the int8 model loses %.2f points of %s by %d pictures (%.4f, in float32 %.4f), and %s are allowed."
                        + " Nothing was written. Maybe %s.",
                result.loss(),
                result.metric().replace('_', ' '),
                result.judged(),
                result.after(),
                result.before(),
                maxLoss,
                100.0 / result.judged() > maxLoss
                        ? "judge by more pictures: a single one of these is more than that"
                        : "stay with float32, or allow more"));
    }
}
