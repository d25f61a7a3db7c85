package espalier.bench;

import espalier.metric.Metrics;
import espalier.predict.Predictor;
import espalier.train.FineTune;
import espalier.train.Norms;
import espalier.train.Precision;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Fine-tunes EfficientNet-Lite0 on the photos of a split, exports, and predicts those held out; see fastai_train.py. */
public final class TrainPhotos {
    private TrainPhotos() {}

    /** Options: {@code --data DIR --split FILE --seed N --epochs 4 [--norms REST|REST_FROZEN|TRAIN] [--precision AUTO|FLOAT32|BFLOAT16]}. */
    public static void main(String[] args) throws Exception {
        var photos = Photos.of(
                Path.of(Photos.option(args, "data", ".")), Path.of(Photos.option(args, "split", "split.json")));
        long seed = Long.parseLong(Photos.option(args, "seed", "0"));
        int epochs = Integer.parseInt(Photos.option(args, "epochs", "4"));
        Path file = Files.createTempFile("bench", ".safetensors");
        var architecture = Models.efficientNetLite0();
        long begin = System.nanoTime();
        double validError;
        try (var learner = VisionLearner.of(
                        photos.loaders(seed),
                        architecture,
                        VisionLearner.Start.pretrained(architecture).seed(seed))
                .norms(Norms.valueOf(Photos.option(args, "norms", "REST")))
                .precision(Precision.valueOf(Photos.option(args, "precision", "AUTO")))
                .metrics(Metrics.errorRate())) {
            var last = learner.fineTune(FineTune.of(epochs)).last().orElseThrow();
            validError = last.value("error_rate").orElse(Double.NaN);
            learner.export(file);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("seed", seed);
        result.put("seconds", seconds);
        result.put("accuracy", accuracy(photos, file));
        result.put("valid_error", validError);
        result.put("cpu_seconds", cpuSeconds());
        Files.delete(file);
        System.out.println(JsonMapper.builder().build().writeValueAsString(result));
    }

    private static double accuracy(Photos photos, Path file) {
        try (var model = Predictor.load(file)) {
            long right = model.predictAll(photos.heldOutFiles()).stream()
                    .filter(answer -> answer.prediction()
                            .map(prediction -> prediction.label().equals(Photos.label(answer.file())))
                            .orElse(false))
                    .count();
            return (double) right / photos.heldOut().size();
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(java.time.Duration::toMillis)
                        .orElse(0L)
                / 1e3;
    }
}
