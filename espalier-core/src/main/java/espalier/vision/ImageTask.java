package espalier.vision;

import espalier.data.Items;
import espalier.data.Transform;
import espalier.interpret.GradCam;
import espalier.loss.Activation;
import espalier.model.ImageNetClasses;
import espalier.model.ModelDocument;
import espalier.model.ModelFile;
import espalier.model.ModelFileException;
import espalier.model.PredictionTask;
import espalier.model.PretrainedWeights;
import espalier.model.WeightCache;
import espalier.model.Weights;
import espalier.nn.FoldBatchNorm;
import espalier.nn.Module;
import espalier.tensor.Rng;
import espalier.tensor.Tensor;
import espalier.vision.augment.Normalize;
import espalier.vision.image.Image;
import espalier.vision.image.ImageReader;
import espalier.vision.image.Interpolation;
import espalier.vision.model.Backbone;
import espalier.vision.model.Models;
import espalier.vision.model.TransferModel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prediction for pictures, from a model file of Espalier's or from published ImageNet weights. */
public final class ImageTask implements PredictionTask<Image> {
    private static final String PUBLISHED = "published";

    private final ModelDocument document;
    private final Module module;
    private final List<Transform<Image>> transforms;
    private final Normalize normalize;
    private final Activation activation;
    private final ImageReader reader;

    private ImageTask(ModelDocument document, Module module, String name) {
        this.document = document;
        this.module = module.channelsLast().eval();
        this.transforms = transforms(document, name);
        this.normalize = document.normalisation().map(VisionLearner::normalize).orElseGet(Normalize::imagenet);
        this.activation = Activation.named(document.activation())
                .orElseThrow(() -> new ModelFileException(name + " has the unknown activation " + document.activation()
                        + ". Maybe it was written by a newer Espalier."));
        this.reader = ImageReader.of().shortSide(ImageBlock.decodeSide(transforms));
        FoldBatchNorm.apply(module);
    }

    /** Finds the task of a model file for pictures. */
    public static final class Provider implements PredictionTask.Provider {
        /** For the service loader. */
        public Provider() {}

        @Override
        public Optional<PredictionTask<?>> open(ModelFile file) {
            var document = file.document();
            boolean pictures = document.task().equals(VisionExporter.CLASSIFICATION)
                    || document.task().equals(VisionExporter.TAGGING);
            if (!pictures) {
                return Optional.empty();
            }
            var architecture = Models.named(document.architecture().name());
            int classes = document.vocabulary().size();
            boolean published =
                    PUBLISHED.equals(document.architecture().options().get("head"));
            Module module = published ? architecture.create(classes) : architecture.transfer(classes, Rng.of(0));
            Weights.load(module, file.tensors(), "the model file");
            return Optional.of(new ImageTask(document, module, "the model file"));
        }
    }

    /**
     * ImageNet's 1,000 classes by an architecture's published weights.
     *
     * @throws ModelFileException when the weights are neither bundled nor cached and cannot be downloaded
     */
    public static ImageTask pretrained(String architecture, WeightCache cache) {
        var weights = PretrainedWeights.of(architecture);
        var tensors = cache.load(weights);
        var module = Models.named(weights.model()).create(PretrainedWeights.CLASSES);
        Weights.load(module, tensors, weights.file());
        return new ImageTask(document(weights, ImageNetClasses.labels()), module, weights.file());
    }

    /**
     * The document of a model file with a network as it was published, its own head included.
     *
     * @param weights whose preparation of pictures is written down
     * @param classes what the network's outputs are called
     */
    public static ModelDocument document(PretrainedWeights weights, List<String> classes) {
        var resize = new ResizeShortSide(
                weights.resizeSize(),
                weights.inputSize(),
                Interpolation.valueOf(weights.interpolation().toUpperCase(Locale.ROOT)));
        return ModelDocument.of(
                        VisionExporter.CLASSIFICATION,
                        new ModelDocument.Architecture(weights.model(), Map.of("head", PUBLISHED)),
                        classes)
                .transforms(List.of(new ModelDocument.Step(resize.name(), resize.parameters())))
                .normalisation(weights.normalisation())
                .activation(Activation.SOFTMAX.modelName())
                .provenance(weights.provenance());
    }

    private static List<Transform<Image>> transforms(ModelDocument document, String name) {
        List<Transform<Image>> transforms = new ArrayList<>();
        for (var step : document.transforms()) {
            try {
                transforms.add(Transforms.from(step.name(), step.parameters()));
            } catch (IllegalArgumentException unknown) {
                throw new ModelFileException(name + " cannot be used: " + unknown.getMessage(), unknown);
            }
        }
        return transforms;
    }

    @Override
    public Image read(Path file) {
        return prepared(reader.read(file));
    }

    @Override
    public Image read(byte[] bytes) {
        return prepared(reader.read(bytes));
    }

    @Override
    public Image read(BufferedImage picture) {
        return prepared(Image.from(picture));
    }

    private Image prepared(Image image) {
        return ImageBlock.transformed(image, transforms, false, Rng.of(0));
    }

    @Override
    public Items.Found find(Path folder) {
        return Items.imageFiles().find(folder);
    }

    @Override
    public Tensor collate(List<Image> images) {
        Image first = images.get(0);
        var x = ImageBlock.batch(ImageBlock.stacked(images), images.size(), first.height(), first.width());
        return normalize.apply(x, false, List.of()); // [N, 3, H, W]
    }

    @Override
    public Module module() {
        return module;
    }

    /** Grad-CAM of the model, between its last feature maps and its head. */
    GradCam gradCam() {
        if (module instanceof TransferModel transfer) {
            return GradCam.of(transfer.body(), transfer.head());
        }
        var backbone = (Backbone) module; // what published weights are for
        return GradCam.of(backbone.body(), backbone.head());
    }

    @Override
    public Tensor activation(Tensor scores) {
        return activation.apply(scores);
    }

    @Override
    public ModelDocument document() {
        return document;
    }
}
