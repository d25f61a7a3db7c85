package espalier.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import espalier.format.DType;
import espalier.format.ModelFileException;
import espalier.image.Image;
import espalier.onnx.OnnxExport.Input;
import espalier.onnxruntime.OnnxEngine;
import espalier.onnxruntime.OnnxModel;
import espalier.onnxruntime.OnnxProbe;
import espalier.predict.ImageTask;
import espalier.predict.Inputs;
import espalier.tensor.Grad;
import espalier.tensor.Recording;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.ImageNetwork;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A network for pictures on its way into an ONNX file, and the pictures by which the two are compared. */
final class PictureExport implements Export {
    private static final int GOLDEN = 3;

    private final ImageTask task;
    private final ImageNetwork network;
    private final Input input;
    private final Image size;
    private final byte[] golden;

    /** @throws ModelFileException when the model takes pictures of any size */
    PictureExport(ImageTask task, Input input) {
        this.task = task;
        this.network = (ImageNetwork) task.libtorch().orElseThrow();
        this.input = input;
        this.size = size();
        this.golden = golden(size);
    }

    /** A picture as the model's transforms leave it. */
    private Image size() {
        Image wide = prepared(640, 480);
        Image high = prepared(480, 640);
        if (wide.width() != high.width() || wide.height() != high.height()) {
            throw new ModelFileException("it takes pictures of any size, and the file would take one size alone."
                    + " Maybe train it with a transform that gives one size, such as resize(224).");
        }
        return wide;
    }

    private Image prepared(int width, int height) {
        return task.read(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));
    }

    /** Waves of three wavelengths and colours. */
    private static byte[] golden(Image size) {
        int height = size.height();
        int width = size.width();
        byte[] bytes = new byte[GOLDEN * height * width * 3];
        int at = 0;
        for (int n = 0; n < GOLDEN; n++) {
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    for (int c = 0; c < 3; c++) {
                        double wave = Math.sin((i * (c + 1) + j * (n + 1)) / (5.0 + 13 * n) + c);
                        bytes[at++] = (byte) Math.round(127.5 + 120 * wave);
                    }
                }
            }
        }
        return bytes;
    }

    @Override
    public OnnxModel write() {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            var recording = Recording.of(x -> input.of(network, x), n -> input.from(blank(n)));
            byte[] onnx = OnnxWriter.write(recording, OnnxExport.INPUT, OnnxExport.OUTPUT, metadata());
            return OnnxModel.of(onnx, "the exported model");
        } catch (IllegalArgumentException impossible) {
            throw new ModelFileException(String.valueOf(impossible.getMessage()), impossible);
        }
    }

    private Tensor blank(int count) {
        return Tensor.zeros(DType.UINT8, count, size.height(), size.width(), 3);
    }

    private Map<String, String> metadata() {
        Tensor pictures = input.from(Tensor.of(golden, GOLDEN, size.height(), size.width(), 3));
        return Export.metadata(
                task.document(),
                pictures.toByteArray(),
                pictures.shape().sizes(),
                input.of(network, pictures).toByteArray());
    }

    /** A model whose graph was changed, with its own answers to the golden pictures in place of libtorch's. */
    OnnxModel answered(ModelProto changed) {
        var answers = new ByteArrayOutputStream();
        var model = OnnxModel.of(changed.toByteArray(), "the changed model");
        try (var probe = OnnxProbe.of(model, List.of(OnnxExport.OUTPUT))) {
            probe.run(Inputs.of(golden, GOLDEN, size.height(), size.width(), 3), (name, values) -> {
                var bytes = ByteBuffer.allocate(4 * values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                answers.writeBytes(bytes.array());
            });
        }
        var answered = changed.toBuilder();
        answered.getMetadataPropsBuilderList().stream()
                .filter(entry -> entry.getKey().equals("golden_output"))
                .forEach(entry -> entry.setValue(Base64.getEncoder().encodeToString(answers.toByteArray())));
        return OnnxModel.of(answered.build().toByteArray(), "the changed model");
    }

    @Override
    public double check(OnnxModel onnx) {
        double worst = 0;
        try (var engine = OnnxEngine.of(onnx)) {
            for (int n : new int[] {GOLDEN, 1}) { // the batch is free
                byte[] some = Arrays.copyOf(golden, golden.length / GOLDEN * n);
                var pictures = Inputs.of(some, n, size.height(), size.width(), 3);
                worst = Export.worse(worst, network.probabilities(pictures), engine.probabilities(pictures));
            }
        }
        return Export.small(worst);
    }
}
