package espalier.data;

import espalier.format.Transform;
import espalier.item.Item;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Vectors that were computed of items before, in place of the items: one for each of an item's views. In training an item
 * gives one of its views at random, otherwise the first.
 *
 * <p>Kept in memory as float32 up to a limit, the rest in a temporary file that is gone when this is closed. Vectors are
 * added by one thread; then any number may read.
 *
 * @shape {@code [N, F]}
 */
public final class Vectors implements InputBlock<float[]>, AutoCloseable {
    private final long limit;
    private final Map<Item, List<Integer>> rows = new HashMap<>();
    private final List<float[]> memory = new ArrayList<>();
    private Optional<FileChannel> file = Optional.empty();
    private long inMemory;
    private int inFile;
    private int width;

    private Vectors(long limit) {
        this.limit = limit;
    }

    /** None yet; up to {@code bytes} of them will be kept in memory. */
    public static Vectors upTo(long bytes) {
        return new Vectors(bytes);
    }

    /** Adds a view of an item; all vectors have one length. */
    public void add(Item item, float[] vector) {
        long bytes = (long) Float.BYTES * vector.length;
        int row = memory.size() + inFile;
        if (inFile == 0 && inMemory + bytes <= limit) {
            memory.add(vector.clone());
            inMemory += bytes;
        } else {
            write(vector);
        }
        rows.computeIfAbsent(item, key -> new ArrayList<>()).add(row);
    }

    /** The views of an item in the order in which they were added; none when it is unknown. */
    public List<float[]> views(Item item) {
        return rows.getOrDefault(item, List.of()).stream().map(this::row).toList();
    }

    /** Whether some lie in a file. */
    public boolean onDisk() {
        return inFile > 0;
    }

    private float[] row(int row) {
        return row < memory.size() ? memory.get(row) : read(row - memory.size());
    }

    private void write(float[] vector) {
        try {
            if (file.isEmpty()) {
                var path = Files.createTempFile("espalier-features", ".bin");
                file = Optional.of(FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
                width = vector.length;
            }
            var bytes = ByteBuffer.allocate(Float.BYTES * width);
            bytes.asFloatBuffer().put(vector);
            long at = (long) bytes.capacity() * inFile;
            while (bytes.hasRemaining()) {
                file.get().write(bytes, at + bytes.position());
            }
            inFile++;
        } catch (IOException full) {
            throw new UncheckedIOException(
                    "the features do not fit into memory, and cannot be written to a temporary file: "
                            + full.getMessage(),
                    full);
        }
    }

    private float[] read(int index) {
        try {
            var bytes = ByteBuffer.allocate(Float.BYTES * width);
            long at = (long) bytes.capacity() * index;
            while (bytes.hasRemaining() && file.orElseThrow().read(bytes, at + bytes.position()) >= 0) {}
            float[] vector = new float[width];
            bytes.flip().asFloatBuffer().get(vector);
            return vector;
        } catch (IOException lost) {
            throw new UncheckedIOException("the temporary file of features cannot be read", lost);
        }
    }

    @Override
    public String name() {
        return "feature";
    }

    @Override
    public Optional<String> reject(Item item) {
        return rows.containsKey(item) ? Optional.empty() : Optional.of("has no features");
    }

    @Override
    public float[] read(Item item, List<? extends Transform<float[]>> transforms, boolean training, Rng rng) {
        var own = rows.get(item);
        if (own == null) {
            throw new DataException("could not be read when the features were computed");
        }
        return row(own.get(training ? rng.nextInt(own.size()) : 0));
    }

    @Override
    public Supplier<Tensor> collate(
            List<float[]> inputs, List<BatchTransform> transforms, boolean training, List<Rng> rngs) {
        int features = inputs.get(0).length;
        float[] all = new float[inputs.size() * features];
        for (int i = 0; i < inputs.size(); i++) {
            System.arraycopy(inputs.get(i), 0, all, i * features, features);
        }
        return () -> Tensor.of(all, inputs.size(), features); // [N, F]
    }

    @Override
    public List<Map.Entry<String, String>> explain(Item item, List<? extends Transform<float[]>> transforms) {
        return List.of(Map.entry("features", views(item).size() + " views"));
    }

    /** Removes the temporary file, if there is one. */
    @Override
    public void close() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the temporary file of features cannot be closed", failure);
        }
    }
}
