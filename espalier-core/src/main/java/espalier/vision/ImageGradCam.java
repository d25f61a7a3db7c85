package espalier.vision;

import espalier.image.Image;
import espalier.interpret.HeatMap;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import espalier.tensor.Scope;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Shows what a predictor saw of a picture, and where it found what speaks for a class.
 *
 * <pre>{@code
 * var cam = ImageGradCam.of(predictor).orElseThrow();
 * BufferedImage where = cam.overlay(Path.of("grizzly.jpg"), prediction.index());
 * }</pre>
 *
 * <p>Several threads may use it at once, also while the predictor predicts; not after the predictor is closed.
 *
 * @paper see {@link espalier.interpret.GradCam}
 */
public final class ImageGradCam {
    private final ImageTask task;

    private ImageGradCam(ImageTask task) {
        this.task = task;
    }

    /** Of a predictor for pictures; empty for one that takes something else. */
    public static Optional<ImageGradCam> of(Predictor predictor) {
        return predictor.task() instanceof ImageTask task ? Optional.of(new ImageGradCam(task)) : Optional.empty();
    }

    /** Whether there are overlays. Of an ONNX file there are none: it hides what is within the network. */
    public boolean canExplain() {
        return task.hasLibtorch();
    }

    /** A picture as the model sees it, cut and resized. @throws espalier.report.DataException when it cannot be read */
    public BufferedImage picture(Path file) {
        return task.read(file).toBufferedImage();
    }

    /**
     * A picture as the model sees it, brightest where it found what speaks for the class.
     *
     * @param category the index of the class
     * @throws espalier.report.DataException when the file cannot be read
     */
    public BufferedImage overlay(Path file, int category) {
        return overlay(task.read(file), category);
    }

    /** The same of the bytes of a file. @throws espalier.report.DataException when they cannot be read */
    public BufferedImage overlay(byte[] bytes, int category) {
        return overlay(task.read(bytes), category);
    }

    /**
     * The same, where any part of the picture speaks for the class.
     *
     * @return empty when none does, and the picture alone would say nothing
     * @throws espalier.report.DataException when the file cannot be read
     */
    public Optional<BufferedImage> overlayIfAny(Path file, int category) {
        return overlayIfAny(task.read(file), category);
    }

    /** The same of the bytes of a file. @throws espalier.report.DataException when they cannot be read */
    public Optional<BufferedImage> overlayIfAny(byte[] bytes, int category) {
        return overlayIfAny(task.read(bytes), category);
    }

    private Optional<BufferedImage> overlayIfAny(Image image, int category) {
        return Optional.of(heat(image, category))
                .filter(heat -> !heat.isZero())
                .map(heat -> heat.overlay(image.toBufferedImage()));
    }

    private BufferedImage overlay(Image image, int category) {
        return heat(image, category).overlay(image.toBufferedImage());
    }

    private HeatMap heat(Image image, int category) {
        try (var scope = Scope.open()) {
            var network = task.libtorch()
                    .map(ImageNetwork.class::cast)
                    .orElseThrow(() -> new IllegalStateException("an ONNX file hides what is within the network."
                            + " Maybe load the model file that it was exported from."));
            return network.gradCam().heat(network.prepared(ImageTask.inputs(List.of(image))), category);
        }
    }
}
