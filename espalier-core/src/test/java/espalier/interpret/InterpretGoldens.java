package espalier.interpret;

import espalier.testing.plain.Golden;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The synthetic predictions of {@code golden/interpret}. */
final class InterpretGoldens {
    private InterpretGoldens() {}

    static Golden single() {
        return Golden.load("interpret/single");
    }

    static Golden multi() {
        return Golden.load("interpret/multi");
    }

    static Predictions predictions(Golden golden, String name) {
        long[] targets = golden.longs(name + "/targets");
        int[] indices = new int[targets.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) targets[i];
        }
        return Predictions.of(
                golden.stringsAt("/cases/" + name + "/classes"),
                rows(golden.floats(name + "/probabilities"), targets.length),
                indices);
    }

    static Predictions labels(Golden golden) {
        float[] flat = golden.floats("targets");
        List<String> classes = golden.stringsAt("/classes");
        int count = flat.length / classes.size();
        boolean[][] targets = new boolean[count][classes.size()];
        for (int i = 0; i < flat.length; i++) {
            targets[i / classes.size()][i % classes.size()] = flat[i] == 1;
        }
        return Predictions.multiLabel(classes, rows(golden.floats("probabilities"), count), targets);
    }

    static float[][] rows(float[] flat, int count) {
        int width = flat.length / count;
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = java.util.Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    static double number(JsonNode node) {
        return node.isString() ? Double.parseDouble(node.asString()) : node.asDouble();
    }
}
