package espalier.cli;

import espalier.predict.Engines;
import espalier.predict.Predictor;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** By what a model is computed. */
final class EngineFlag {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "What computes the model: auto, onnxruntime or libtorch (auto: the fastest that can).")
    private String engine = Engines.usual();

    @Mixin
    private DeviceFlag device = new DeviceFlag();

    /** The name that was given, or the usual one; what it opens from now on computes on the device that was given. */
    String name() {
        device.forEngines();
        return checked(engine);
    }

    /** The name of an engine, as it is. @throws CommandException when there is none of this name */
    static String checked(String engine) {
        if (!Engines.names().contains(engine)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--engine is " + engine + ", expected one of " + String.join(", ", Engines.names()) + ".");
        }
        return engine;
    }

    Predictor load(Path model) {
        return Predictor.load(model, name());
    }
}
