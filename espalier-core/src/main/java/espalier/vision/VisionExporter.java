package espalier.vision;

import espalier.data.BatchTransform;
import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.nn.Rescale;
import espalier.predict.ImageTask;
import espalier.train.EpochResult;
import espalier.train.Exporter;
import espalier.train.Learner;
import espalier.vision.augment.FusedWarp;
import espalier.vision.augment.Normalize;
import espalier.vision.model.Architecture;
import espalier.vision.model.Head;
import espalier.weights.PretrainedWeights;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Writes a picture model as a model file. */
record VisionExporter(
        Architecture architecture,
        Normalize normalize,
        Optional<PretrainedWeights> weights,
        Head head,
        Map<String, Object> details)
        implements Exporter {
    /** The task of models that give one class to each picture. */
    static final String CLASSIFICATION = ImageTask.KIND + "classification";

    /** The output of models whose scores are rescaled to the unit of the labels. */
    static final String RESCALE = "rescale";

    /** The word for fastai's head. */
    private static final String TRANSFER = "transfer";

    @Override
    public void export(Learner<?> learner, Path file) {
        var loaders = learner.stage();
        checkSizes(loaders.batchTransforms());
        var target = loaders.target();
        Map<String, Object> options = new LinkedHashMap<>(Map.of("head", described(head)));
        if (learner.model().children().get("output") instanceof Rescale) {
            options.put("output", RESCALE);
        }
        var document = ModelDocument.of(
                        ImageTask.KIND + target.task(),
                        new ModelDocument.Architecture(architecture.name(), options),
                        loaders.classes())
                .transforms(loaders.itemTransforms().stream()
                        .map(transform -> new ModelDocument.Step(transform.name(), transform.parameters()))
                        .toList())
                .normalisation(new ModelDocument.Normalisation(list(normalize.mean()), list(normalize.std())))
                .activation(learner.loss().activation().modelName())
                .thresholds(learner.thresholds())
                .history(learner.history().epochs().stream()
                        .map(EpochResult::toMap)
                        .toList())
                .metrics(learner.history().kept().map(EpochResult::judged).orElse(Map.of()))
                .details(details);
        if (weights.isPresent()) {
            document = document.provenance(weights.get().provenance());
        }
        ModelFile.save(file, document, Weights.of(learner.model()));
    }

    /** fastai's head by the word that model files have always had for it, others layer by layer. */
    private static Object described(Head head) {
        return head.equals(Head.fastai()) ? TRANSFER : head.toMap();
    }

    /** A size that only the batch transforms give cannot be repeated for a single picture as it comes. */
    private static void checkSizes(List<BatchTransform> transforms) {
        for (var transform : transforms) {
            var sized = FusedWarp.of(List.of(transform))
                    .filter(warp -> warp.outHeight(100) != 100 || warp.outWidth(101) != 101);
            if (sized.isPresent()) {
                throw new IllegalStateException(
                        "the batch transform " + transform.name() + " changes the size of pictures,"
                                + " which a model file cannot hold. Maybe resize single pictures instead: Transforms.resize(224).");
            }
        }
    }

    private static List<Double> list(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }
}
