package espalier.spark;

import espalier.predict.Engines;
import espalier.predict.Predictor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a listing of ten million pictures takes, on a standalone cluster with two executors of one core: the driver's heap when it is planned and
 * read, the rows of its partitions, and, over a sample that is decoded and predicted, the rows a second of processor time and the memory of the
 * executors. The same photos come again and again. A single process predicts some of them on one core before and after.
 *
 * <p>No test: it takes minutes. Its command and figures are in {@code docs/benchmarks.md}.
 */
public final class ListingBench {
    private static final int TASKS = 200;
    private static final int WARM_UP = 200;
    private static final long PAUSE_MILLIS = 1_000;
    private static final long TICKS = 100; // of /proc, a second
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ListingBench() {}

    /** Arguments: the folder of photos, the model file, the number of paths, of them how many to predict and how many alone, a new folder. */
    public static void main(String[] args) throws Exception {
        var photos = photos(Path.of(args[0]));
        Path folder = Files.createDirectories(Path.of(args[5]));
        int count = Integer.parseInt(args[2]);
        int sample = Integer.parseInt(args[3]);
        Path tenth = write(folder.resolve("tenth.txt"), photos, count / 10);
        Path all = write(folder.resolve("all.txt"), photos, count);
        Path some = write(folder.resolve("some.txt"), photos, sample);
        Path alone = write(folder.resolve("alone.txt"), photos, Integer.parseInt(args[4]));
        alone(alone, args[1]);
        var configuration = List.of(
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.executor.cores=1",
                "spark.executor.memory=512m",
                "spark.executorEnv.ESPALIER_HOME=" + folder.resolve("home"),
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        try (var cluster = new StandaloneCluster(folder.resolve("spark"))) {
            var driver = cluster.submit(
                    Driver.class,
                    configuration,
                    args[1],
                    tenth.toString(),
                    all.toString(),
                    some.toString(),
                    folder.resolve("out").toString());
            watch(cluster, driver, folder.resolve("out"), sample);
            Files.readAllLines(cluster.log("driver")).stream()
                    .filter(line -> line.startsWith("{"))
                    .forEach(System.out::println);
        }
        alone(alone, args[1]);
    }

    private static List<Path> photos(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
        }
    }

    private static Path write(Path file, List<Path> photos, int count) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < count; i++) {
                out.write(photos.get(i % photos.size()).toString());
                out.write('\n');
            }
        }
        return file;
    }

    /** A process of its own that predicts the listing on one core; it prints its figures. */
    private static void alone(Path listing, String model) throws Exception {
        var process = new ProcessBuilder(
                        "taskset",
                        "-c",
                        "0",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Alone.class.getName(),
                        model,
                        listing.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.inputReader().lines().filter(line -> line.startsWith("{")).forEach(System.out::println);
        process.waitFor();
    }

    /** Prints the memory and processor time of the executors, as they come to the share of the sample that is done. */
    private static void watch(StandaloneCluster cluster, Process driver, Path out, int sample) throws Exception {
        Map<Long, List<Long>> resident = new HashMap<>();
        Map<Long, Double> first = new HashMap<>();
        Map<Long, Double> last = new HashMap<>();
        long begin = 0;
        while (driver.isAlive()) {
            Thread.sleep(PAUSE_MILLIS);
            if (!Files.exists(out.resolve("_temporary"))) {
                continue;
            }
            begin = begin == 0 ? System.nanoTime() : begin;
            for (var executor : cluster.executors()) {
                try {
                    last.put(executor.pid(), processor(executor.pid()));
                    first.putIfAbsent(executor.pid(), last.get(executor.pid()));
                    resident.computeIfAbsent(executor.pid(), missing -> new ArrayList<>())
                            .add(resident(executor.pid()));
                } catch (IOException gone) {
                    // it has ended since
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double used = last.entrySet().stream()
                .mapToDouble(entry -> entry.getValue() - first.get(entry.getKey()))
                .sum();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("rows", sample);
        told.put("seconds", seconds);
        told.put("executors_processor_seconds", used);
        told.put("rows_a_processor_second", sample / used);
        told.put(
                "executors_resident_mb",
                resident.values().stream().map(ListingBench::course).toList());
        System.out.println(JSON.writeValueAsString(told));
    }

    /** The largest value of each tenth of the time. */
    private static List<Long> course(List<Long> values) {
        var course = new ArrayList<Long>();
        for (int i = 0; i < 10; i++) {
            course.add(values.subList(i * values.size() / 10, (i + 1) * values.size() / 10).stream()
                    .max(Long::compare)
                    .orElse(0L));
        }
        return course;
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElse(0);
    }

    private static double processor(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS; // user and system
    }

    /** What is submitted. Arguments: model, three listings, the folder for the predictions. */
    public static final class Driver {
        private Driver() {}

        public static void main(String[] args) {
            var spark = SparkSession.builder().getOrCreate();
            try {
                tell("driver heap at start", Map.of("mb", heap()));
                plan(spark, args[0], args[1]);
                plan(spark, args[0], args[2]);
                long begin = System.nanoTime();
                listing(spark, args[0], args[3]).write().parquet(args[4]);
                double seconds = (System.nanoTime() - begin) / 1e9;
                var out = spark.read().parquet(args[4]);
                tell(
                        "predicted",
                        Map.of(
                                "rows", out.count(),
                                "errors", out.where("error IS NOT NULL").count(),
                                "seconds", seconds,
                                "heap mb", heap()));
            } finally {
                spark.stop();
            }
        }

        private static Dataset<Row> listing(SparkSession spark, String model, String listing) {
            return EspalierModel.of(model)
                    .setInputCol("path")
                    .transform(spark.read().text(listing).toDF("path").repartition(TASKS));
        }

        /** Plans the predictions of a listing, and reads and distributes all of its rows as they would be for them. */
        private static void plan(SparkSession spark, String model, String listing) {
            long begin = System.nanoTime();
            var planned = listing(spark, model, listing);
            planned.queryExecution().executedPlan();
            double planning = (System.nanoTime() - begin) / 1e9;
            long heap = heap();
            List<Row> parts = spark.read()
                    .text(listing)
                    .repartition(TASKS)
                    .groupBy(functions.spark_partition_id())
                    .count()
                    .collectAsList();
            var rows = parts.stream().mapToLong(row -> row.getLong(1)).summaryStatistics();
            tell(
                    "planned",
                    Map.of(
                            "rows", rows.getSum(),
                            "planning seconds", planning,
                            "all seconds", (System.nanoTime() - begin) / 1e9,
                            "heap mb after planning", heap,
                            "heap mb after reading all", heap(),
                            "partitions", rows.getCount(),
                            "smallest partition", rows.getMin(),
                            "largest partition", rows.getMax()));
        }

        private static void tell(String what, Map<String, ?> figures) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("what", what);
            told.putAll(figures);
            System.out.println(JSON.writeValueAsString(told));
        }

        private static long heap() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        }
    }

    /** A predictor on one core. Arguments: model, listing. */
    public static final class Alone {
        private Alone() {}

        public static void main(String[] args) throws IOException {
            var paths =
                    Files.readAllLines(Path.of(args[1])).stream().map(Path::of).toList();
            try (var predictor = Predictor.load(Path.of(args[0]), Engines.AUTO)) {
                predictor.predictAll(paths.subList(0, WARM_UP), answer -> {});
                long pid = ProcessHandle.current().pid();
                long begin = System.nanoTime();
                double before = processor(pid);
                predictor.predictAll(paths, answer -> {});
                double used = processor(pid) - before;
                System.out.println(JSON.writeValueAsString(Map.of(
                        "alone",
                        predictor.engine(),
                        "rows_a_processor_second",
                        paths.size() / used,
                        "rows_a_second",
                        paths.size() / ((System.nanoTime() - begin) / 1e9),
                        "resident_mb",
                        resident(pid))));
            }
        }
    }
}
