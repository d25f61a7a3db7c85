package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An engine in one class: says which of red, green and blue a picture has most of. Its files are a document as JSON. */
final class ColourEngine implements Engine {
    static final String ENDING = ".colour";

    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger underWay = new AtomicInteger();
    boolean isClosed;
    /** The form for many inputs, once it was asked for. */
    @Nullable
    ColourEngine many;

    private final int runs;

    ColourEngine(int runs) {
        this.runs = runs;
    }

    @Override
    public int runs() {
        return runs;
    }

    @Override
    public Engine parallel() {
        many = new ColourEngine(3);
        return many;
    }

    @Override
    public String name() {
        return "colour 1";
    }

    @Override
    public float[][] probabilities(Inputs inputs) {
        calls.incrementAndGet();
        underWay.incrementAndGet();
        try {
            return shares(inputs);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static float[][] shares(Inputs inputs) {
        var bytes = (ByteBuffer) inputs.elements();
        int pixels = inputs.size(1) * inputs.size(2);
        var rows = new float[inputs.count()][3];
        for (float[] row : rows) {
            float sum = 1e-3f;
            for (int i = 0; i < 3 * pixels; i++) {
                int level = bytes.get() & 0xff;
                row[i % 3] += level;
                sum += level;
            }
            for (int c = 0; c < 3; c++) {
                row[c] /= sum;
            }
        }
        return rows;
    }

    @Override
    public void close() {
        isClosed = true;
    }

    /** Opens the engine's own files. */
    public static final class Provider implements Engine.Provider {
        /** The one that was opened last. */
        static Optional<ColourEngine> last = Optional.empty();

        /** For the service loader. */
        public Provider() {}

        @Override
        public String name() {
            return "colour";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Optional<Opened> open(Path file) {
            if (!file.toString().endsWith(ENDING)) {
                return Optional.empty();
            }
            try {
                var engine = new ColourEngine(1);
                last = Optional.of(engine);
                return Optional.of(new Opened(ModelDocument.fromJson(Files.readString(file), file.toString()), engine));
            } catch (IOException unreadable) {
                throw new ModelFileException(file + ": cannot be read. Maybe you may not read it.", unreadable);
            }
        }
    }
}
