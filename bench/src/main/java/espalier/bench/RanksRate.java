package espalier.bench;

import com.sun.management.OperatingSystemMXBean;
import espalier.optim.Rates;
import espalier.tensor.Machine;
import espalier.tensor.ProcessGroup;
import espalier.tensor.ProcessGroup.Meeting;
import espalier.tensor.RankStore;
import espalier.tensor.Scope;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Norms;
import espalier.train.Precision;
import espalier.train.Step;
import espalier.vision.Blocks;
import espalier.vision.VisionLearner;
import espalier.vision.model.Models;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How much faster two ranks train than one, each a process with one thread on a core of its own, at the same global batch. Ideal is
 * twice. Three measurements in turn, {@code --rounds} times: one rank; two ranks; and two processes that train alone at the same time on the
 * share of a rank, which is what the machine itself allows.
 *
 * <p>Linux with {@code taskset} only.
 */
public final class RanksRate {
    private static final int BATCH = 32;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RanksRate() {}

    /**
     * Options: {@code --data DIR --split FILE --model efficientnet-lite0 --epochs 3 --rounds 3 [--frozen]}. The first epoch of each
     * process is not measured.
     */
    public static void main(String[] args) throws Exception {
        if (Photos.has(args, "child")) {
            child(args);
            return;
        }
        Map<String, List<Double>> seconds = new TreeMap<>();
        Map<String, List<Double>> processor = new TreeMap<>();
        int rounds = Integer.parseInt(Photos.option(args, "rounds", "3"));
        for (int round = 0; round < rounds; round++) {
            for (String how : new String[] {"one", "two", "apart"}) {
                var ranks = measure(how, args);
                ranks.forEach(rank -> System.out.println(how + " " + rank));
                seconds.computeIfAbsent(how, missing -> new ArrayList<>()).add(mean(ranks, "step"));
                processor
                        .computeIfAbsent(how, missing -> new ArrayList<>())
                        .add(mean(ranks, "processor") * ranks.size());
            }
        }
        double one = median(seconds, "one");
        System.out.println(JSON.writeValueAsString(Map.of(
                "seconds_a_step",
                seconds,
                "processor_seconds_a_step",
                processor,
                "efficiency",
                one / (2 * median(seconds, "two")),
                "efficiency_of_the_machine",
                one / (2 * median(seconds, "apart")),
                "efficiency_by_processor_time",
                median(processor, "one") / median(processor, "two"))));
    }

    /** What the ranks of one measurement say. */
    private static List<JsonNode> measure(String how, String[] args) throws IOException, InterruptedException {
        int count = how.equals("one") ? 1 : 2;
        List<JsonNode> told = new ArrayList<>();
        try (var store = RankStore.open()) {
            List<Process> processes = new ArrayList<>();
            for (int rank = 0; rank < count; rank++) {
                var command = new ArrayList<>(List.of(
                        "taskset",
                        "-c",
                        "" + rank,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RanksRate.class.getName(),
                        "--child",
                        "--rank",
                        "" + rank,
                        "--how",
                        how,
                        "--port",
                        "" + store.port()));
                command.addAll(Arrays.asList(args));
                var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
                builder.environment().put("OMP_WAIT_POLICY", "passive");
                processes.add(builder.start());
            }
            for (var process : processes) {
                for (String line : process.inputReader().lines().toList()) {
                    if (line.startsWith("{")) {
                        told.add(JSON.readTree(line));
                    }
                }
                if (process.waitFor() != 0) {
                    throw new IOException("a rank failed, see above");
                }
            }
        }
        return told;
    }

    private static void child(String[] args) throws Exception {
        Machine.threads(1);
        String how = Photos.option(args, "how", "one");
        int rank = Integer.parseInt(Photos.option(args, "rank", "0"));
        var photos = Photos.of(
                Path.of(Photos.option(args, "data", ".")), Path.of(Photos.option(args, "split", "split.json")));
        var architecture = Models.named(Photos.option(args, "model", "efficientnet-lite0"));
        var times = new Times();
        int batch = how.equals("apart") ? BATCH / 2 : BATCH;
        var block = photos.block(1, Blocks.image()).batchSize(batch);
        try (var scope = Scope.open();
                var learner = VisionLearner.of(
                                block.loaders(photos.root()),
                                architecture,
                                VisionLearner.Start.pretrained(architecture))
                        .norms(Norms.REST)
                        .precision(Precision.FLOAT32)
                        .callback(times)) {
            if (Photos.has(args, "frozen")) {
                learner.freeze();
            } else {
                learner.unfreeze();
            }
            int epochs = Integer.parseInt(Photos.option(args, "epochs", "3"));
            if (how.equals("two")) {
                var meeting = Meeting.at("127.0.0.1", Integer.parseInt(Photos.option(args, "port", "0")))
                        .localAddress("127.0.0.1");
                try (var group = ProcessGroup.join(meeting, rank, 2)) {
                    learner.distributed(group);
                    learner.fitOneCycle(epochs, Rates.of(1e-3));
                    group.barrier();
                }
            } else {
                learner.fitOneCycle(epochs, Rates.of(1e-3));
            }
        }
        System.out.println(JSON.writeValueAsString(times.told()));
    }

    private static double mean(List<JsonNode> ranks, String name) {
        return ranks.stream()
                .mapToDouble(rank -> rank.get(name).asDouble())
                .average()
                .orElseThrow();
    }

    private static double median(Map<String, List<Double>> all, String how) {
        var values = all.getOrDefault(how, List.of());
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** Seconds of the parts of a step, on average over all steps but those of the first epoch and the first of each other. */
    private static final class Times implements Callback {
        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final Map<String, Double> sums = new LinkedHashMap<>();
        private int epochs;
        private int ofEpoch;
        private int steps;
        private long last;
        private long lastProcessor;

        /** What was done since the last call, when this step counts. */
        private void part(String name) {
            long now = System.nanoTime();
            if (epochs > 0 && ofEpoch > 0) {
                sums.merge(name, (now - last) / 1e9, Double::sum);
            }
            last = now;
        }

        @Override
        public void beforeEpoch(Fit fit) {
            ofEpoch = 0;
        }

        @Override
        public void beforeBatch(Fit fit, Step step) {
            part("loading");
        }

        @Override
        public void afterLoss(Fit fit, Step step) {
            part("forward and agreement");
        }

        @Override
        public void beforeStep(Fit fit, Step step) {
            part("backward and exchange");
        }

        @Override
        public void afterBatch(Fit fit, Step step) {
            part("optimiser");
            long processor = system.getProcessCpuTime();
            if (epochs > 0 && ofEpoch > 0) {
                steps++;
                sums.merge("processor", (processor - lastProcessor) / 1e9, Double::sum);
            }
            lastProcessor = processor;
            ofEpoch++;
        }

        @Override
        public void afterEpoch(Fit fit) {
            epochs++;
        }

        Map<String, Double> told() {
            Map<String, Double> told = new LinkedHashMap<>();
            double step = 0;
            for (var sum : sums.entrySet()) {
                told.put(sum.getKey(), sum.getValue() / steps);
                step += sum.getKey().equals("processor") ? 0 : sum.getValue() / steps;
            }
            told.put("step", step);
            told.put("steps", (double) steps);
            return told;
        }
    }
}
