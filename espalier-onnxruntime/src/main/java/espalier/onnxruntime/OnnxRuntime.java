package espalier.onnxruntime;

import espalier.predict.Engine;
import java.nio.file.Path;
import java.util.Optional;

/** Opens ONNX files for {@link espalier.predict.Predictor}. */
public final class OnnxRuntime implements Engine.Provider {
    /** What users call the engine. */
    public static final String NAME = "onnxruntime";

    /** For the service loader. */
    public OnnxRuntime() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return OnnxEngine.version();
    }

    @Override
    public Optional<Engine.Opened> open(Path file) {
        if (!file.toString().endsWith(".onnx")) {
            return Optional.empty();
        }
        return Optional.of(OnnxEngine.open(file));
    }
}
