package espalier.vision;

import espalier.data.BatchTransform;
import espalier.data.TargetBlock;
import espalier.model.ModelDocument;
import espalier.model.ModelFile;
import espalier.model.PretrainedWeights;
import espalier.model.Weights;
import espalier.train.EpochResult;
import espalier.train.Exporter;
import espalier.train.Learner;
import espalier.vision.augment.FusedWarp;
import espalier.vision.augment.Normalize;
import espalier.vision.model.Architecture;
import java.nio.file.Path;
import java.util.Collections;
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
        Map<String, Object> details)
        implements Exporter {
    /** The task of models that give one class a picture. */
    static final String CLASSIFICATION = "image-classification";

    /** The task of models that give any number of tags a picture. */
    static final String TAGGING = "image-tagging";

    @Override
    public void export(Learner<?> learner, Path file) {
        var loaders = learner.loaders();
        checkSizes(loaders.batchTransforms());
        boolean tags = loaders.target().kind() == TargetBlock.Kind.MULTI_CATEGORY;
        var document = ModelDocument.of(
                        tags ? TAGGING : CLASSIFICATION,
                        new ModelDocument.Architecture(architecture.name(), Map.of("head", "transfer")),
                        loaders.classes())
                .transforms(loaders.itemTransforms().stream()
                        .map(transform -> new ModelDocument.Step(transform.name(), transform.parameters()))
                        .toList())
                .normalisation(new ModelDocument.Normalisation(list(normalize.mean()), list(normalize.std())))
                .activation(learner.loss().activation().modelName())
                .thresholds(tags ? Collections.nCopies(loaders.classes().size(), 0.5) : List.of())
                .history(learner.history().epochs().stream()
                        .map(VisionExporter::row)
                        .toList())
                .metrics(learner.history().last().map(VisionExporter::judged).orElse(Map.of()))
                .details(details);
        if (weights.isPresent()) {
            document = document.provenance(weights.get().provenance());
        }
        ModelFile.save(file, document, Weights.of(learner.model()));
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

    private static Map<String, Object> row(EpochResult epoch) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("phase", epoch.cycle());
        row.put("epoch", epoch.epoch());
        row.put("train_loss", epoch.trainLoss());
        row.put("seconds", epoch.seconds());
        row.putAll(judged(epoch));
        return row;
    }

    private static Map<String, Object> judged(EpochResult epoch) {
        Map<String, Object> values = new LinkedHashMap<>();
        epoch.validLoss().ifPresent(loss -> values.put("valid_loss", loss));
        epoch.metrics().forEach((name, value) -> value.ifPresent(v -> values.put(name, v)));
        return values;
    }
}
