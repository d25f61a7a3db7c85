package espalier.bench;

import com.sun.management.OperatingSystemMXBean;
import espalier.app.TextTable;
import espalier.metric.Metrics;
import espalier.optim.Rates;
import espalier.text.Field;
import espalier.text.LabelledTexts;
import espalier.text.TextArchitecture;
import espalier.text.TextLearner;
import espalier.text.TextLoaders;
import espalier.token.Tokenizers;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Trains a network on the texts of a table and judges it by those held out; see torch_lstm.py. */
public final class TrainTextNetwork {
    private TrainTextNetwork() {}

    /** Options: {@code --data CSV --text-column 5 --label-column 0 --seed N --model lstm --epochs 5 --batch-size 64}. */
    public static void main(String[] args) {
        var table = TextTable.of(Path.of(Photos.option(args, "data", "tweets.csv")))
                .columns(Photos.option(args, "text-column", "5"), Photos.option(args, "label-column", "0"));
        long seed = Long.parseLong(Photos.option(args, "seed", "0"));
        int epochs = Integer.parseInt(Photos.option(args, "epochs", "5"));
        int batchSize = Integer.parseInt(Photos.option(args, "batch-size", "64"));
        var architecture = TextArchitecture.named(Photos.option(args, "model", "lstm"));
        var rows = table.read();
        var all = LabelledTexts.of(
                rows.texts(), rows.labels().stream().map(one -> one.get(0)).toList());
        var places = TrainTexts.parts(all, seed);
        var parts = new LabelledTexts.Parts(
                all.select(places.get(0)), all.select(places.get(1)), all.select(places.get(2)));
        var field = TextLoaders.field(Field.text().lower().tokenize(Tokenizers.tweets()), parts.train(), 20_000, 1);
        var loaders =
                TextLoaders.of(parts, field).batchSize(batchSize).seed(seed).loaders();
        var start = TextLearner.Start.scratch().seed(seed);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (var learner = TextLearner.of(loaders, architecture, start).metrics(Metrics.accuracy())) {
            long begin = System.nanoTime();
            long cpu = system.getProcessCpuTime();
            learner.fitOneCycle(epochs, Rates.of(2e-3));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("seed", seed);
            result.put("seconds", (System.nanoTime() - begin) / 1e9);
            result.put("cpu_seconds", (system.getProcessCpuTime() - cpu) / 1e9);
            var judged = learner.evaluate(learner.loaders().test());
            result.put("accuracy", judged.metrics().get("accuracy"));
            result.put("loss", judged.loss());
            result.put("vocabulary", field.vocabulary().orElseThrow().size());
            System.out.println(JsonMapper.builder().build().writeValueAsString(result));
        }
    }
}
