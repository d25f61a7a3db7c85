package espalier.onnxruntime;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import espalier.format.ModelFileException;
import espalier.predict.Inputs;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows what is computed within a model: floats by their names in its graph. */
public final class OnnxProbe implements AutoCloseable {
    private final OnnxModel model;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Set<String> names;

    private OnnxProbe(OnnxModel model, OrtEnvironment environment, OrtSession session, Set<String> names) {
        this.model = model;
        this.environment = environment;
        this.session = session;
        this.names = names;
    }

    /** Hears of one value. */
    @FunctionalInterface
    public interface Listener {
        /** @param values all its elements; to be read before this returns */
        void hear(String name, FloatBuffer values);
    }

    /**
     * Makes a session that shows these values.
     *
     * @param names of float32 values in the model's graph
     * @throws ModelFileException when ONNX Runtime refuses the model
     */
    public static OnnxProbe of(OnnxModel model, List<String> names) {
        var environment = RuntimeLibrary.environment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
            var graph = ModelProto.parseFrom(model.bytes()).toBuilder();
            for (String name : names) {
                var output = graph.getGraphBuilder().getOutput(0).getName();
                if (!name.equals(output)) {
                    graph.getGraphBuilder().addOutput(port(name));
                }
            }
            var session = environment.createSession(graph.build().toByteArray(), options);
            return new OnnxProbe(model, environment, session, Set.copyOf(names));
        } catch (OrtException | InvalidProtocolBufferException refused) {
            throw refused(refused);
        }
    }

    private static ModelFileException refused(Exception cause) {
        return new ModelFileException(
                "ONNX Runtime cannot run the model: " + cause.getMessage() + ". Maybe export it again.", cause);
    }

    /** Of any shape. */
    private static ValueInfoProto port(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE)))
                .build();
    }

    /**
     * Runs the model.
     *
     * @param pictures bytes {@code [N, H, W, 3]} of the model's size
     * @param listener hears each of the values once
     */
    public void run(Inputs pictures, Listener listener) {
        byte[] elements = OnnxEngine.elements(model, pictures);
        try (var input = OnnxEngine.input(model, environment, elements, pictures.count());
                var result =
                        session.run(Map.of(session.getInputNames().iterator().next(), input), names)) {
            for (var entry : result) {
                listener.hear(entry.getKey(), ((OnnxTensor) entry.getValue()).getFloatBuffer());
            }
        } catch (OrtException failed) {
            throw refused(failed);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException | IllegalStateException closed) {
            // it was closed before
        }
    }
}
