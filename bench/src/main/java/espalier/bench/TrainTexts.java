package espalier.bench;

import espalier.app.TextTable;
import espalier.text.LabelledTexts;
import espalier.text.LinearLearner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import tools.jackson.databind.json.JsonMapper;

/** Trains the default classifier on the texts of a table and judges it by those held out; see sklearn_text.py. */
public final class TrainTexts {
    private TrainTexts() {}

    /** Options: {@code --data CSV --text-column 5 --label-column 0 --seed N}. */
    public static void main(String[] args) {
        var table = TextTable.of(Path.of(Photos.option(args, "data", "tweets.csv")))
                .columns(Photos.option(args, "text-column", "5"), Photos.option(args, "label-column", "0"));
        long seed = Long.parseLong(Photos.option(args, "seed", "0"));
        var rows = table.read();
        var all = LabelledTexts.of(
                rows.texts(), rows.labels().stream().map(one -> one.get(0)).toList());
        var parts = parts(all, seed);
        long begin = System.nanoTime();
        var fit = LinearLearner.standard().fit(all.select(parts.get(0)), all.select(parts.get(1)));
        var test = all.select(parts.get(2));
        int right = 0;
        for (int i = 0; i < test.size(); i++) {
            String label = fit.classifier().label(test.texts().get(i));
            right += label.equals(test.classes().get(test.targets().labels(i)[0])) ? 1 : 0;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("seed", seed);
        result.put("seconds", (System.nanoTime() - begin) / 1e9);
        result.put("accuracy", (double) right / test.size());
        result.put("strength", fit.c());
        result.put("features", fit.classifier().features().size());
        System.out.println(JsonMapper.builder().build().writeValueAsString(result));
    }

    /** 60, 20 and 20 % of each class for training, validation and test, by the CRC-32 of {@code SEED:ROW}. */
    static List<int[]> parts(LabelledTexts texts, long seed) {
        Map<Integer, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < texts.size(); i++) {
            classes.computeIfAbsent(texts.targets().labels(i)[0], one -> new ArrayList<>())
                    .add(i);
        }
        List<List<Integer>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (var rows : classes.values()) {
            rows.sort(Comparator.comparingLong(row -> checksum(seed + ":" + row)));
            int fifth = rows.size() / 5;
            for (int i = 0; i < rows.size(); i++) {
                parts.get(i < fifth ? 2 : i < 2 * fifth ? 1 : 0).add(rows.get(i));
            }
        }
        return parts.stream()
                .map(part -> part.stream().mapToInt(Integer::intValue).sorted().toArray())
                .toList();
    }

    private static long checksum(String text) {
        var sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }
}
