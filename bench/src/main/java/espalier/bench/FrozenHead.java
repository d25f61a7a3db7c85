package espalier.bench;

import espalier.data.DataBlock;
import espalier.data.Splits;
import espalier.image.Resize;
import espalier.image.Transforms;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.train.EpochResult;
import espalier.train.Precision;
import espalier.train.callback.Monitor;
import espalier.train.callback.SaveBest;
import espalier.vision.Blocks;
import espalier.vision.BodyFeatures;
import espalier.vision.Views;
import espalier.vision.VisionLearner;
import espalier.vision.model.Head;
import espalier.vision.model.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/** Trains a head on the frozen body of EfficientNet-Lite0, which sees each picture once or in every epoch; see torch_xrays.py. */
public final class FrozenHead {
    private FrozenHead() {}

    /** Options: {@code --data DIR --seed N --epochs 10 --cached true|false [--precision AUTO|FLOAT32|BFLOAT16]}. */
    public static void main(String[] args) {
        Path data = Path.of(Photos.option(args, "data", "."));
        long seed = Long.parseLong(Photos.option(args, "seed", "0"));
        int epochs = Integer.parseInt(Photos.option(args, "epochs", "10"));
        var architecture = Models.efficientNetLite0();
        long begin = System.nanoTime();
        var loaders = DataBlock.of(Blocks.image(), Blocks.category())
                .split(Splits.byFolder())
                .itemTransform(Transforms.resize(224).method(Resize.Method.SQUISH))
                .batchSize(32)
                .seed(seed)
                .loaders(data);
        var start = VisionLearner.Start.pretrained(architecture)
                .seed(seed)
                .head(Head.of(512, 128).norm().dropout(0.4));
        Map<String, Object> result = new LinkedHashMap<>();
        try (var learner = VisionLearner.of(loaders, architecture, start)
                .precision(Precision.valueOf(Photos.option(args, "precision", "AUTO")))
                .metrics(Metrics.accuracy())
                .callback(SaveBest.of(Monitor.validLoss()))) {
            if (Boolean.parseBoolean(Photos.option(args, "cached", "true"))) {
                learner.precomputed(BodyFeatures.of(Views.plain()));
            }
            var history = learner.fit(epochs, Rates.of(5e-4));
            result.put("seed", seed);
            result.put("seconds", (System.nanoTime() - begin) / 1e9);
            result.put(
                    "epoch_seconds",
                    history.epochs().stream().map(EpochResult::seconds).toList());
            result.put(
                    "train_losses",
                    history.epochs().stream().map(EpochResult::trainLoss).toList());
            var test = learner.evaluate(learner.loaders().test());
            result.put(
                    "accuracy",
                    test.metrics()
                            .getOrDefault("accuracy", OptionalDouble.empty())
                            .orElse(Double.NaN));
            result.put("n_held_out", test.items());
        }
        System.out.println(JsonMapper.builder().build().writeValueAsString(result));
    }
}
