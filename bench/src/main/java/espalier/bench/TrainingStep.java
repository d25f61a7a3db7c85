package espalier.bench;

import espalier.loss.Losses;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Machine;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Precision;
import espalier.vision.model.Models;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The median time of a training step at 224 pixels; see torch_resnet18_step.py. */
public final class TrainingStep {
    private TrainingStep() {}

    /** Options: {@code --model resnet18 --batch-size 32 --steps 8}. */
    public static void main(String[] args) {
        String name = Photos.option(args, "model", "resnet18");
        int batchSize = Integer.parseInt(Photos.option(args, "batch-size", "32"));
        int steps = Integer.parseInt(Photos.option(args, "steps", "8"));
        List<Double> seconds = new ArrayList<>();
        try (var model = Models.named(name).create(10);
                var outer = Scope.open()) {
            model.channelsLast().train();
            var x = Tensor.randn(Rng.of(1), batchSize, 3, 224, 224).channelsLast();
            var y = Tensor.of(new long[batchSize], batchSize);
            var optimizer = Optimizers.adam()
                    .create(List.of(
                            ParameterGroup.of(List.copyOf(model.parameters().values()))));
            for (int i = 0; i <= steps; i++) {
                long begin = System.nanoTime();
                try (var scope = Scope.open()) {
                    Tensor scores;
                    try (var precision = Precision.AUTO.open()) {
                        scores = model.forward(x);
                    }
                    Losses.crossEntropy().loss(scores, y).backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                }
                if (i > 0) {
                    seconds.add((System.nanoTime() - begin) / 1e9);
                }
            }
            optimizer.close();
        }
        Collections.sort(seconds);
        System.out.println(JsonMapper.builder()
                .build()
                .writeValueAsString(Map.of(
                        "model", name, "seconds", seconds.get(seconds.size() / 2), "threads", Machine.threads())));
    }
}
