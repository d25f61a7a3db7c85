package espalier.app;

import espalier.image.Image;
import espalier.image.ImageWriter;
import espalier.item.Item;
import espalier.predict.Predictor;
import espalier.predict.Predictor.Input;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.text.TextTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The job of measuring how fast models predict on this machine. All are measured in turn, in blocks, the second half in
 * reverse order: what else the machine does then disturbs all alike.
 *
 * <pre>{@code
 * try (var model = Predictor.load(Path.of("dogs.safetensors"))) {
 *     for (var row : Bench.of().run(List.of(model), Progress.NONE)) {
 *         System.out.println(row.batch() + ": " + row.p50Ms() + " ms");
 *     }
 * }
 * }</pre>
 *
 * @param data a picture, a folder of pictures or, for a model of texts, a table; empty: made-up inputs, and no decoding
 * @param batches how many inputs are predicted together
 * @param seconds how long each row is measured
 */
public record Bench(Optional<Path> data, List<Integer> batches, double seconds) {
    private static final int BLOCKS = 4;
    private static final int MOST_FILES = 256;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final String TEXT = "I would watch this film again, but not with the same people.";

    /** Checks the numbers. */
    public Bench {
        batches = List.copyOf(batches);
        if (batches.isEmpty() || batches.stream().anyMatch(batch -> batch < 1) || !(seconds > 0)) {
            throw new IllegalArgumentException("expected batches of 1 or more, and some time, received " + batches
                    + " and " + seconds + " s. Maybe 1 and 32, for 2 s each.");
        }
    }

    /** Of one input and of 32, for 2 seconds each, without decoding. */
    public static Bench of() {
        return new Bench(Optional.empty(), List.of(1, 32), 2);
    }

    /**
     * One measurement.
     *
     * @param engine what computed the model
     * @param precision in which it did, such as {@code "float32"}
     * @param batch how many inputs were predicted together
     * @param threads the processors that this process may use
     * @param decoding whether the time includes reading the files; batches are then read while others are computed
     * @param p50Ms the median time of a batch, in milliseconds
     * @param p99Ms the time that 99 of 100 batches do not exceed
     * @param perSecond the inputs predicted in a second
     */
    public record Row(
            String engine,
            String precision,
            int batch,
            int threads,
            boolean decoding,
            double p50Ms,
            double p99Ms,
            double perSecond) {}

    /**
     * Measures.
     *
     * @param predictors models of one kind, such as one model by several engines
     * @return for each predictor and batch a row, and with files a second one with their decoding; then one for all files
     *     at once (at most 256)
     * @throws DataException when there is no input to measure by
     */
    public List<Row> run(List<Predictor> predictors, Progress progress) {
        var cases = new ArrayList<Case>();
        predictors.forEach(predictor -> cases.addAll(cases(predictor)));
        long done = 0;
        for (int block = 0; block <= BLOCKS; block++) { // the first one warms up
            for (int i = 0; i < cases.size(); i++) {
                var next = cases.get(block % 2 == 0 ? i : cases.size() - 1 - i);
                next.measure(block == 0 ? seconds / 4 : seconds / BLOCKS);
                progress.update(++done, (BLOCKS + 1L) * cases.size(), "");
            }
            if (block == 0) {
                cases.forEach(one -> one.times.clear());
            }
        }
        return cases.stream().map(Case::row).toList();
    }

    private List<Case> cases(Predictor predictor) {
        var files = new ArrayList<Path>();
        var inputs = inputs(predictor, files);
        var cases = new ArrayList<Case>();
        for (int batch : batches) {
            cases.add(new Case(predictor, batch, false, block -> predictor.predictInputs(cut(inputs, block, batch))));
            if (!files.isEmpty()) {
                cases.add(new Case(predictor, batch, true, block -> decoded(predictor, cut(files, block, batch))));
            }
        }
        if (files.size() > batches.stream().mapToInt(Integer::intValue).max().orElseThrow()) {
            cases.add(new Case(predictor, files.size(), true, block -> decoded(predictor, files)));
        }
        return cases;
    }

    private static void decoded(Predictor predictor, List<Path> files) {
        if (files.size() == 1) {
            predictor.predict(files.get(0));
        } else {
            predictor.predictAll(files, answer -> {});
        }
    }

    /** As many as wanted from a place on, from the beginning again after the last. */
    private static <T> List<T> cut(List<T> all, int block, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> all.get((int) (((long) block * count + i) % all.size())))
                .toList();
    }

    /** Inputs, and the files that they are of. */
    private List<Input> inputs(Predictor predictor, List<Path> files) {
        int most = batches.stream().mapToInt(Integer::intValue).max().orElseThrow();
        if (TextTask.takes(predictor.document())) {
            return texts(predictor, most).stream().map(predictor::readText).toList();
        }
        if (data.isEmpty()) {
            return List.of(predictor.read(madeUp()));
        }
        var inputs = new ArrayList<Input>();
        for (Path file : found(predictor, data.get())) {
            try {
                var input = predictor.read(Files.readAllBytes(file));
                files.add(file);
                if (inputs.size() < most) {
                    inputs.add(input);
                }
            } catch (DataException | IOException unreadable) {
                continue; // what a folder holds beside pictures is not measured
            }
            if (files.size() >= MOST_FILES) {
                break;
            }
        }
        if (inputs.isEmpty()) {
            throw new DataException(
                    "there is no readable picture in " + data.get() + ". Maybe another folder was meant.");
        }
        return inputs;
    }

    private static List<Path> found(Predictor predictor, Path data) {
        return Files.isDirectory(data)
                ? predictor.task().find(data).items().stream().map(Item::path).toList()
                : List.of(data);
    }

    private List<String> texts(Predictor predictor, int most) {
        if (data.isEmpty()) {
            return List.of(TEXT);
        }
        var table = TextTable.of(data.get()).like(predictor.document());
        var texts = new ArrayList<String>();
        try (var rows = table.table().open()) {
            int column = table.text(rows);
            for (var row : rows) {
                if (texts.size() >= most) {
                    break;
                }
                texts.add(row.cell(column));
            }
        }
        if (texts.isEmpty()) {
            throw new DataException(data.get() + " has no rows. Maybe another table was meant.");
        }
        return texts;
    }

    /** A photo's file with some structure. */
    private static byte[] madeUp() {
        byte[] pixels = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < pixels.length; i++) {
            int x = i / 3 % WIDTH;
            int y = i / 3 / WIDTH;
            pixels[i] = (byte) Math.round(127.5 + 120 * Math.sin(x / 9.0 + y / 7.0 + i % 3));
        }
        return ImageWriter.jpeg(Image.of(WIDTH, HEIGHT, pixels), 90);
    }

    /** Predicts the batch of this number. */
    private interface Work {
        void run(int block);
    }

    private static final class Case {
        private final Predictor predictor;
        private final int batch;
        private final boolean decoding;
        private final Work work;
        private final List<Double> times = new ArrayList<>();
        private int block;

        Case(Predictor predictor, int batch, boolean decoding, Work work) {
            this.predictor = predictor;
            this.batch = batch;
            this.decoding = decoding;
            this.work = work;
        }

        /** At least once. */
        void measure(double seconds) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            do {
                long start = System.nanoTime();
                work.run(block++);
                times.add((System.nanoTime() - start) / 1e6);
            } while (System.nanoTime() < end);
        }

        Row row() {
            double[] sorted =
                    times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            double total = times.stream().mapToDouble(Double::doubleValue).sum();
            return new Row(
                    predictor.engine().replaceFirst(" [0-9].*", ""),
                    predictor.task().precision(),
                    batch,
                    Runtime.getRuntime().availableProcessors(),
                    decoding,
                    rank(sorted, 0.5),
                    rank(sorted, 0.99),
                    1e3 * batch * sorted.length / total);
        }

        /** The smallest that at least this share does not exceed. */
        private static double rank(double[] sorted, double share) {
            return sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }
}
