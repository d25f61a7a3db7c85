package espalier.onnx;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.image.Transforms;
import espalier.loss.Activation;
import espalier.nn.Module;
import espalier.rng.Rng;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.vision.model.Architecture;
import espalier.weights.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Model files of untrained networks, for the tests of this package. */
final class SavedModels {
    static final int CLASSES = 5;

    private SavedModels() {}

    /** A model file for pictures of {@code size} pixels a side. */
    static Path save(Path file, Architecture architecture, String head, Activation activation, int size) {
        var resize = Transforms.resize(size);
        return save(
                file,
                architecture,
                head,
                activation,
                List.of(new ModelDocument.Step(resize.name(), resize.parameters())));
    }

    static Path save(
            Path file,
            Architecture architecture,
            String head,
            Activation activation,
            List<ModelDocument.Step> transforms) {
        try (var scope = Scope.open();
                Module module = head.equals("transfer")
                        ? architecture.transfer(CLASSES, Rng.of(1))
                        : architecture.create(CLASSES)) {
            var state = new LinkedHashMap<String, Tensor>();
            int position = 0;
            for (var entry : module.stateDict().entrySet()) {
                state.put(
                        entry.getKey(),
                        drawn(entry.getKey(), entry.getValue(), Rng.of(2).derive(position++)));
            }
            module.loadStateDict(state);
            var document = ModelDocument.of(
                            "image-classification",
                            new ModelDocument.Architecture(architecture.name(), Map.of("head", head)),
                            IntStream.range(0, CLASSES)
                                    .mapToObj(i -> "class " + i)
                                    .toList())
                    .transforms(transforms)
                    .normalisation(
                            new ModelDocument.Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)))
                    .activation(activation.modelName());
            ModelFile.save(file, document, Weights.of(module));
        }
        return file;
    }

    /** Values that neither vanish nor grow on their way through a deep network, with norms that do something. */
    private static Tensor drawn(String name, Tensor like, Rng rng) {
        if (name.endsWith("num_batches_tracked")) {
            return like;
        }
        long[] sizes = like.shape().sizes();
        Tensor uniform = Tensor.rand(rng, sizes); // 0 to 1
        if (sizes.length > 1) {
            double bound = Math.sqrt(3.0 * sizes[0] / like.numel());
            return uniform.mul(2 * bound).sub(bound);
        }
        if (name.endsWith("running_var")) {
            return uniform.add(0.5);
        }
        return name.endsWith("weight")
                ? uniform.mul(0.4).add(0.8)
                : uniform.mul(0.2).sub(0.1);
    }
}
