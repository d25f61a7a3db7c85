package espalier.onnxruntime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import espalier.format.ModelFileException;
import espalier.image.ImageReader;
import espalier.onnxruntime.OnnxModel.Elements;
import espalier.predict.Engine;
import espalier.predict.Engines;
import espalier.predict.Inputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime at work on an {@link OnnxModel}, on as many threads as {@link Engines#threads} said when it was made. */
public final class OnnxEngine implements Engine {
    /** The largest difference of an answer from the one that lies in the file; of quantities above 1 relative. */
    private static final double TOLERANCE = 1e-3;

    /** The same of quantised models: other processors round other values up, and few steps are large ones. */
    private static final double QUANTISED_TOLERANCE = 0.1;

    private static final int CHANNELS = 3;
    private static final Logger LOG = LoggerFactory.getLogger(OnnxEngine.class);

    private final OnnxModel model;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int threads;

    /** Where the model can be read again; null when it is in no file. */
    private final @Nullable Path file;

    private @Nullable Engine parallel;
    private boolean closed;

    private OnnxEngine(
            OnnxModel model, OrtEnvironment environment, OrtSession session, int threads, @Nullable Path file) {
        this.model = model.inUse();
        this.environment = environment;
        this.session = session;
        this.threads = threads;
        this.file = file;
    }

    /**
     * Opens a file, while another thread loads the decoders of pictures, which takes as long; not where it seems to take texts.
     *
     * @throws ModelFileException when it is missing, damaged, or not one that Espalier wrote, or ONNX Runtime refuses it
     */
    public static Engine.Opened open(Path file) {
        var decoders = OnnxModel.seemsForTexts(file)
                ? CompletableFuture.<Void>completedFuture(null)
                : CompletableFuture.runAsync(ImageReader::load, OnnxEngine::start);
        try {
            var model = OnnxModel.read(file);
            return new Engine.Opened(model.document(), of(model, Engines.threads(), file));
        } finally {
            // Libraries are loaded one after the other: what the caller loads next could wait for this thread and it
            // for him.
            decoders.exceptionally(missing -> null).join(); // the first picture says what is missing
        }
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "espalier-decoders");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Makes a session, and predicts the picture or text in the file whose answer is known.
     *
     * @throws ModelFileException when ONNX Runtime refuses the model, or gives another answer
     */
    public static OnnxEngine of(OnnxModel model) {
        return of(model, Engines.threads(), null);
    }

    private static OnnxEngine of(OnnxModel model, int threads, @Nullable Path file) {
        var environment = RuntimeLibrary.environment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            var engine = new OnnxEngine(
                    model, environment, environment.createSession(model.bytes(), options), threads, file);
            engine.check(model);
            return engine;
        } catch (OrtException refused) {
            throw refused(refused);
        }
    }

    private static ModelFileException refused(OrtException failure) {
        return new ModelFileException(
                "ONNX Runtime cannot run the model: " + failure.getMessage() + ". Maybe export it again.", failure);
    }

    private void check(OnnxModel model) {
        float[] actual;
        try {
            actual = run(model.golden(), 1)[0];
        } catch (ModelFileException | OrtException failed) {
            close();
            throw new ModelFileException("ONNX Runtime cannot run the model: " + failed.getMessage(), failed);
        }
        float[] expected = model.answer();
        double allowed = model.precision().equals(FLOAT32) ? TOLERANCE : QUANTISED_TOLERANCE;
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= allowed * Math.max(1, Math.abs(expected[i])))) {
                close();
                throw new ModelFileException("the model gives " + actual[i] + " for its own "
                        + (model.elements() == Elements.TOKENS ? "text" : "picture") + ", expected " + expected[i]
                        + ". Maybe the file is damaged: copy it again.");
            }
        }
    }

    /** Its version; loads the library. */
    static String version() {
        return RuntimeLibrary.environment().getVersion();
    }

    @Override
    public String name() {
        return OnnxRuntime.NAME + " " + environment.getVersion();
    }

    @Override
    public String precision() {
        return model.precision();
    }

    @Override
    public int runs() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
    }

    /**
     * A second session with one thread a run. Threads that share a run wait for each other at each layer, which costs half of
     * the time where a processor has other work too, such as reading pictures.
     */
    @Override
    public synchronized Engine parallel() {
        if (parallel == null) {
            parallel = threads == 1 || file == null || closed ? this : second(file);
        }
        return parallel;
    }

    /** This engine where the file is no longer what it was. */
    private Engine second(Path file) {
        try {
            var again = OnnxModel.read(file);
            return again.document().equals(model.document()) ? of(again, 1, null) : this;
        } catch (ModelFileException gone) {
            LOG.debug("{} cannot be read again", file, gone);
            return this;
        }
    }

    /** @param inputs pictures as bytes {@code [N, H, W, 3]} of the model's size, or tokens {@code [N, T]} */
    @Override
    public float[][] probabilities(Inputs inputs) {
        try {
            return run(elements(model, inputs), inputs.count());
        } catch (OrtException failed) {
            throw refused(failed);
        }
    }

    /** What a model takes, little-endian, of bytes {@code [N, H, W, 3]} of its size or of tokens {@code [N, T]}. */
    static byte[] elements(OnnxModel model, Inputs inputs) {
        boolean texts = model.elements() == Elements.TOKENS;
        long count = inputs.count();
        var expected = texts
                ? List.of(count, inputs.shape().get(inputs.shape().size() - 1))
                : List.of(count, (long) model.height(), (long) model.width(), (long) CHANNELS);
        if (inputs.shape().equals(expected)) {
            if (texts && inputs.elements() instanceof LongBuffer tokens) {
                var all = ByteBuffer.allocate(Math.multiplyExact(Long.BYTES, tokens.remaining()))
                        .order(ByteOrder.LITTLE_ENDIAN);
                all.asLongBuffer().put(tokens.duplicate());
                return all.array();
            }
            if (!texts && inputs.elements() instanceof ByteBuffer bytes) {
                byte[] all = new byte[bytes.remaining()];
                bytes.get(0, all);
                return model.elements() == Elements.FLOATS ? floats(all, model.height() * model.width()) : all;
            }
        }
        throw new ModelFileException("the model takes " + (texts ? "tokens" : "pictures") + " " + expected
                + ", received " + inputs.shape() + ". Maybe its document and its graph disagree: export it again.");
    }

    /** From 0 to 1, with the channels first. */
    private static byte[] floats(byte[] pictures, int pixels) {
        var floats = ByteBuffer.allocate(4 * pictures.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < pictures.length; from += CHANNELS * pixels) {
            for (int c = 0; c < CHANNELS; c++) {
                for (int i = 0; i < pixels; i++) {
                    floats.putFloat((pictures[from + CHANNELS * i + c] & 0xff) / 255f);
                }
            }
        }
        return floats.array();
    }

    private float[][] run(byte[] elements, int count) throws OrtException {
        try (var input = input(model, environment, elements, count);
                var result =
                        session.run(Map.of(session.getInputNames().iterator().next(), input))) {
            FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
            int classes = model.answer().length;
            if (values.remaining() != count * classes) {
                throw new ModelFileException("the model gives " + values.remaining() + " probabilities for " + count
                        + " inputs, expected " + classes + " for each. Maybe the file is damaged.");
            }
            var rows = new float[count][classes];
            for (float[] row : rows) {
                values.get(row);
            }
            return rows;
        }
    }

    /** Pictures or texts as the model takes them, little-endian. */
    static OnnxTensor input(OnnxModel model, OrtEnvironment environment, byte[] elements, int count)
            throws OrtException {
        long height = model.height();
        long width = model.width();
        var data = ByteBuffer.allocateDirect(elements.length).order(ByteOrder.LITTLE_ENDIAN);
        data.put(elements).flip();
        return switch (model.elements()) {
            case BYTES ->
                OnnxTensor.createTensor(
                        environment, data, new long[] {count, height, width, CHANNELS}, OnnxJavaType.UINT8);
            case FLOATS ->
                OnnxTensor.createTensor(environment, data.asFloatBuffer(), new long[] {count, CHANNELS, height, width});
            case TOKENS -> {
                var tokens = data.asLongBuffer();
                yield OnnxTensor.createTensor(environment, tokens, new long[] {count, tokens.remaining() / count});
            }
        };
    }

    @Override
    public synchronized void close() {
        if (parallel != null && parallel != this) {
            parallel.close();
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException | IllegalStateException closed) {
            // it was closed before
        }
    }
}
