package espalier.vision;

import espalier.format.DType;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.image.Image;
import espalier.interpret.GradCam;
import espalier.loss.Activation;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Module;
import espalier.nn.Rescale;
import espalier.predict.Engine;
import espalier.predict.Engines;
import espalier.predict.ImageTask;
import espalier.predict.Inputs;
import espalier.report.PlainText;
import espalier.rng.Rng;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Machine;
import espalier.tensor.Scope;
import espalier.tensor.SingleBlasThread;
import espalier.tensor.Tensor;
import espalier.vision.augment.FusedWarp;
import espalier.vision.augment.Normalize;
import espalier.vision.model.Backbone;
import espalier.vision.model.Head;
import espalier.vision.model.Models;
import espalier.vision.model.TransferModel;
import espalier.weights.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network for pictures in libtorch, in evaluation mode with its batch norms folded. It takes bytes {@code [N, H, W, 3]}
 * and makes the same floats of them as validation does.
 */
public final class ImageNetwork implements Engine {
    /** What an architecture's option {@code head} says of the one that was published with it. */
    static final String PUBLISHED = "published";

    private static final int CHANNELS = 3;

    private final Module module;
    private final Normalize normalize;
    private final FusedWarp preparation;
    private final Activation activation;
    private final SingleBlasThread blas;
    private Device device = Device.cpu();

    private ImageNetwork(Module module, Normalize normalize, Activation activation) {
        this.module = module.channelsLast().eval();
        this.normalize = normalize;
        this.preparation = FusedWarp.of(List.of(normalize)).orElseThrow();
        this.activation = activation;
        FoldBatchNorm.apply(module);
        this.blas = SingleBlasThread.open();
    }

    /**
     * Builds the network that a document tells of, with its weights.
     *
     * @param name what errors call the source of both
     * @throws ModelFileException when the document or the weights cannot be used
     */
    static ImageNetwork of(ModelDocument document, Map<String, RawTensor> tensors, String name) {
        var normalize = normalize(document, name); // before the network, which takes memory
        var activation = activation(document, name);
        Module module = module(document, name);
        if (module instanceof Backbone backbone) {
            backbone.load(tensors, name);
        } else {
            Weights.load(module, tensors, name);
        }
        return new ImageNetwork(module, normalize, activation);
    }

    /** libtorch as an engine: computes every model file for pictures, and is the only engine that trains. */
    public static final class Provider implements Engine.Provider {
        /** For the service loader. */
        public Provider() {}

        @Override
        public String name() {
            return Engines.LIBTORCH;
        }

        @Override
        public String version() {
            return Machine.libtorchVersion();
        }

        @Override
        public Optional<Engine> open(ModelFile file) {
            return ImageTask.isForPictures(file.document())
                    ? Optional.of(of(file).on(Device.parse(Engines.device())))
                    : Optional.empty();
        }
    }

    /** The network of a model file for pictures. @throws ModelFileException when it cannot be used */
    public static ImageNetwork of(ModelFile file) {
        ImageTask.transforms(file.document()); // what cannot be used is told before the network takes memory
        return of(file.document(), file.tensors(), "the model file");
    }

    /** The task of a model file for pictures, computed by libtorch. @throws ModelFileException when it cannot be used */
    public static ImageTask task(ModelFile file) {
        return new ImageTask(file.document(), of(file), Optional.empty());
    }

    /** Moves the network, and from now on its pictures, to {@code other}; returns this. */
    ImageNetwork on(Device other) {
        module.to(other);
        device = other;
        return this;
    }

    private static Normalize normalize(ModelDocument document, String name) {
        var statistics = document.normalisation();
        int channels = statistics.map(n -> n.mean().size()).orElse(CHANNELS);
        if (channels != 1 && channels != CHANNELS) {
            throw new ModelFileException(name + " normalises " + channels + " channels, but pictures have " + CHANNELS
                    + ". Maybe it was edited by hand.");
        }
        return statistics.map(ImageNetwork::normalize).orElseGet(Normalize::imagenet);
    }

    static Normalize normalize(ModelDocument.Normalisation statistics) {
        return Normalize.of(each(statistics.mean()), each(statistics.std()));
    }

    /** A number for each channel, of one for all. */
    private static double[] each(List<Double> values) {
        var all = values.size() == 1 ? Collections.nCopies(CHANNELS, values.get(0)) : values;
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Activation activation(ModelDocument document, String name) {
        return Activation.named(document.activation())
                .orElseThrow(() -> new ModelFileException(name + " has the unknown activation " + document.activation()
                        + ". Maybe it was written by a newer Espalier."));
    }

    private static Module module(ModelDocument document, String name) {
        int classes = document.vocabulary().size();
        var options = document.architecture().options();
        var head = options.get("head");
        try {
            var architecture = Models.named(document.architecture().name());
            if (PUBLISHED.equals(head)) {
                return architecture.create(classes);
            }
            var form = head instanceof Map<?, ?> described ? Head.from(described) : Head.fastai();
            var model = architecture.transfer(form, classes, Rng.of(0));
            return VisionExporter.RESCALE.equals(options.get("output")) ? model.output(Rescale.of(classes)) : model;
        } catch (IllegalArgumentException unknown) {
            throw new ModelFileException(
                    name + " cannot be used: " + PlainText.line(String.valueOf(unknown.getMessage()), 2_000), unknown);
        }
    }

    @Override
    public String name() {
        return Engines.LIBTORCH + " " + Machine.libtorchVersion();
    }

    @Override
    public float[][] probabilities(Inputs pictures) {
        try (var scope = Scope.open();
                var off = Grad.off()) {
            float[] flat = activation
                    .apply(module.forward(prepared(pictures)).to(DType.FLOAT32))
                    .toFloatArray(); // [N, K]
            int columns = flat.length / pictures.count();
            var rows = new float[pictures.count()][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
            }
            return rows;
        }
    }

    /** What the network is given. @shape uint8 {@code [N, H, W, 3]} to normalised floats {@code [N, 3, H, W]} */
    Tensor prepared(Inputs pictures) {
        if (!(pictures.elements() instanceof ByteBuffer bytes)
                || pictures.shape().size() != 4) {
            throw new ModelFileException(
                    "expected bytes [N, H, W, 3], received " + pictures + ". Maybe the model is for something else.");
        }
        var images = new ArrayList<Image>();
        int height = pictures.size(1);
        int width = pictures.size(2);
        for (int i = 0; i < pictures.count(); i++) {
            byte[] picture = new byte[CHANNELS * height * width];
            bytes.get(i * picture.length, picture);
            images.add(Image.of(width, height, picture));
        }
        return preparation
                .apply(images, false, Collections.nCopies(images.size(), Rng.of(0)))
                .to(device);
    }

    /**
     * All that is computed of prepared pictures, operation by operation, as a recording needs it: normalisation, the
     * network, the activation.
     *
     * @shape floats {@code [N, 3, H, W]} from 0 to 1 to {@code [N, K]}
     */
    public Tensor probabilities(Tensor pictures) {
        return activation.apply(module.forward(normalize.apply(pictures, false, List.of())));
    }

    /** The pictures whose bytes lie as a decoder gives them. @shape uint8 {@code [N, H, W, 3]} to floats {@code [N, 3, H, W]} */
    public static Tensor scaled(Tensor bytes) {
        return ImageBlock.scaled(bytes);
    }

    /** Grad-CAM of the network, between its last feature maps and its head. */
    GradCam gradCam() {
        if (module instanceof TransferModel transfer) {
            return GradCam.of(transfer.body(), transfer.head());
        }
        var backbone = (Backbone) module; // what published weights are for
        return GradCam.of(backbone.body(), backbone.head()).maps(backbone::maps);
    }

    @Override
    public void close() {
        module.close();
        blas.close();
    }
}
