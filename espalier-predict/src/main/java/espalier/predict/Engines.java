package espalier.predict;

import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines at hand, found by {@link ServiceLoader}. All but libtorch only predict, and do that faster: so {@link #AUTO} takes
 * them first.
 */
public final class Engines {
    /** The fastest engine that can compute the model. */
    public static final String AUTO = "auto";

    /** The engine that also trains. */
    public static final String LIBTORCH = "libtorch";

    private static final int MOST_BROKEN = 100;
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    /** The device of the processor, and that by which an engine chooses itself. */
    private static final List<String> ANY_ENGINE = List.of("auto", "cpu");

    private static volatile int threads = Runtime.getRuntime().availableProcessors();
    private static volatile String device = "auto";

    private Engines() {}

    /** The engine when nobody says which: the system property {@code espalier.engine}, else {@link #AUTO}. */
    public static String usual() {
        return System.getProperty("espalier.engine", AUTO);
    }

    /** How many threads one run of an engine that is opened from now on may use: as many as there are processors, unless told. */
    public static int threads() {
        return threads;
    }

    /**
     * Sets how many threads one run of an engine that is opened from now on may use; libtorch asks {@link
     * espalier.tensor.Machine#threads(int)} instead, at each run.
     *
     * @throws IllegalArgumentException when not positive
     */
    public static void threads(int count) {
        if (count <= 0) {
            throw new IllegalArgumentException(
                    "threads must be positive, received " + count + ". Maybe ask Runtime.availableProcessors().");
        }
        threads = count;
    }

    /** Where an engine that is opened from now on computes: {@code "auto"} unless told. */
    public static String device() {
        return device;
    }

    /**
     * Sets where an engine that is opened from now on computes. Only libtorch knows other devices than the processor, and with
     * {@code auto} it takes the first graphics card there is; for any but {@code auto} and {@code cpu} it is what {@link #AUTO} means.
     *
     * @param name a device as {@code Device.parse} reads it
     */
    public static void device(String name) {
        device = name;
    }

    /** The names to choose from, the fastest first after {@link #AUTO}. */
    public static List<String> names() {
        return Stream.concat(Stream.of(AUTO), providers().map(Engine.Provider::name))
                .distinct()
                .toList();
    }

    /** The versions of the engines by name, the fastest first; instead of a version, why one does not work here. */
    public static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        providers().forEach(provider -> versions.computeIfAbsent(provider.name(), name -> version(provider)));
        return versions;
    }

    private static String version(Engine.Provider provider) {
        try {
            return provider.version();
        } catch (RuntimeException | LinkageError failure) {
            return "failed: " + failure;
        }
    }

    /** A file of an engine's own kind, opened by it. @throws ModelFileException when it cannot be used */
    static Optional<Engine.Opened> open(Path file, String engine) {
        var opened = first(engine, provider -> provider.open(file));
        if (opened.isEmpty() && file.toString().endsWith(".onnx")) {
            throw new ModelFileException(file + " is an ONNX file, which the engine " + engine
                    + " does not open. Maybe it takes the engine onnxruntime, and the module espalier-onnxruntime on the"
                    + " class path.");
        }
        return opened;
    }

    /**
     * An engine for a model.
     *
     * @param engine one of {@link #names}
     * @return empty when the model needs no engine, its task being a line of Java
     * @throws ModelFileException when the model file cannot be used, or another engine than {@link #LIBTORCH} is asked for that
     *     cannot compute it
     */
    public static Optional<Engine> open(ModelFile model, String engine) {
        var found = first(engine, provider -> provider.open(model));
        if (found.isEmpty() && !engine.equals(AUTO) && !engine.equals(LIBTORCH)) {
            throw new ModelFileException(
                    "the engine " + engine + " cannot compute this model. Maybe take " + AUTO + ".");
        }
        return found;
    }

    private static <T> Optional<T> first(String engine, Function<Engine.Provider, Optional<T>> opening) {
        if (!names().contains(engine)) {
            throw new IllegalArgumentException("there is no engine " + engine + ", expected one of "
                    + String.join(", ", names()) + ". Maybe a module of Espalier is missing on the class path.");
        }
        boolean elsewhere = !ANY_ENGINE.contains(device);
        if (elsewhere && !engine.equals(AUTO) && !engine.equals(LIBTORCH)) {
            throw new IllegalArgumentException("the engine " + engine + " computes on the processor, not on " + device
                    + ". Maybe take " + LIBTORCH + ".");
        }
        return providers()
                .filter(provider -> elsewhere
                        ? provider.name().equals(LIBTORCH)
                        : engine.equals(AUTO) || engine.equals(provider.name()))
                .map(opening)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Those that can be loaded: one that is broken leaves the others. */
    private static Stream<Engine.Provider> providers() {
        List<Engine.Provider> providers = new ArrayList<>();
        var found = ServiceLoader.load(Engine.Provider.class).iterator();
        for (int broken = 0; broken < MOST_BROKEN; ) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                providers.add(found.next());
            } catch (ServiceConfigurationError | LinkageError unusable) {
                broken++;
                LOG.debug("an engine cannot be loaded", unusable);
            }
        }
        providers.sort(Comparator.comparing(provider -> provider.name().equals(LIBTORCH)));
        return providers.stream();
    }
}
