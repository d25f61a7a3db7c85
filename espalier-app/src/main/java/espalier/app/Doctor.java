package espalier.app;

import espalier.format.ModelDocument;
import espalier.image.ImageReader;
import espalier.predict.Engines;
import espalier.tensor.Device;
import espalier.tensor.Machine;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.train.Precision;
import espalier.vision.model.Models;
import espalier.weights.PretrainedWeights;
import espalier.weights.WeightCache;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * The job of looking at the machine: what Espalier finds here and what it chooses by that. Parts that fail say why
 * instead of ending the rest.
 *
 * @param cache whose directories are looked at
 */
public record Doctor(WeightCache cache) {
    private static final List<String> TELLING =
            List.of("avx", "avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8", "asimd");

    /**
     * What was found.
     *
     * @param healthy whether libtorch computes and pictures can be read
     * @param sections texts, numbers, lists and maps by the name of what they are about
     */
    public record Result(boolean healthy, Map<String, Object> sections) {}

    /** Looks at this machine with the directories that the environment sets. */
    public static Doctor system() {
        return new Doctor(WeightCache.system());
    }

    /** Looks. */
    public Result run() {
        Map<String, Object> sections = new LinkedHashMap<>();
        sections.put("versions", tried(Doctor::versions));
        String torch = tried(Doctor::torch).toString();
        String pictures = tried(Doctor::pictures).toString();
        sections.put("natives", section("libtorch", torch, "pictures", pictures));
        sections.put("engines", tried(Engines::versions));
        sections.put("cpu", tried(Doctor::cpu));
        sections.put("threads", tried(Machine::threads));
        sections.put(
                "devices",
                tried(() -> Machine.devices().stream().map(Object::toString).toList()));
        sections.put("cuda", tried(Machine::cuda));
        sections.put(
                "precision_auto",
                tried(() -> Precision.AUTO.on(Device.best()).dtype().torchName()));
        sections.put("memory_bytes", tried(Doctor::memory));
        sections.put("caches", caches());
        sections.put("weights", tried(this::weights));
        sections.put("free_bytes", free());
        sections.put("network", section("offline", cache.isOffline()));
        return new Result(torch.equals("ok") && pictures.equals("ok"), sections);
    }

    private static Object tried(Supplier<Object> part) {
        try {
            return part.get();
        } catch (RuntimeException | LinkageError failure) {
            return "failed: " + failure;
        }
    }

    private static Map<String, Object> section(Object... namesAndValues) {
        Map<String, Object> section = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            section.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return section;
    }

    private static Object versions() {
        Map<String, Object> versions = new LinkedHashMap<>(
                ModelDocument.of("doctor", new ModelDocument.Architecture("none", Map.of()), List.of())
                        .versions());
        versions.put("vm", System.getProperty("java.vm.name", "") + " " + System.getProperty("java.vm.version", ""));
        versions.put("os_version", System.getProperty("os.version", ""));
        return versions;
    }

    private static Object torch() {
        try (var scope = Scope.open()) {
            double sum = Tensor.of(new float[] {1, 2}, 2).sum().item();
            return sum == 3 ? "ok" : "failed: 1 + 2 gave " + sum;
        }
    }

    private static Object pictures() {
        try {
            var png = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", png);
            return ImageReader.of().read(png.toByteArray()).width() == 3 ? "ok" : "failed: a wrong width";
        } catch (IOException failure) {
            return "failed: " + failure;
        }
    }

    private static Object cpu() {
        var flags = Machine.cpuFlags();
        return section(
                "architecture", System.getProperty("os.arch", "unknown"),
                "processors", Runtime.getRuntime().availableProcessors(),
                "kernels", Machine.cpuCapability(),
                "features", TELLING.stream().filter(flags::contains).toList(),
                "fast_bfloat16", Machine.hasFastBfloat16());
    }

    private static Object memory() {
        long physical = Device.cpu().memory().total();
        return section("physical", physical, "heap_limit", Runtime.getRuntime().maxMemory());
    }

    private Map<String, Object> directories() {
        String natives = Optional.ofNullable(System.getProperty("org.bytedeco.javacpp.cachedir"))
                .orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".javacpp", "cache")
                        .toString());
        return section(
                "espalier",
                cache.home(),
                "torch",
                cache.torchHome(),
                "hub",
                cache.hub().cache(),
                "natives",
                Path.of(natives));
    }

    private Map<String, Object> caches() {
        Map<String, Object> caches = new LinkedHashMap<>();
        directories().forEach((name, path) -> caches.put(name, tried(() -> measured((Path) path))));
        return caches;
    }

    private static Object measured(Path directory) {
        return section(
                "path", directory.toString(),
                "exists", Files.isDirectory(directory),
                "bytes", Files.isDirectory(directory) ? size(directory) : 0L);
    }

    private static long size(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile)
                    .filter(java.io.File::isFile)
                    .mapToLong(java.io.File::length)
                    .sum();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Object weights() {
        List<Map<String, Object>> found = Models.weights().stream()
                .filter(weights ->
                        WeightCache.isBundled(weights) || !place(weights).isEmpty())
                .map(weights -> section(
                        "model", weights.model(),
                        "tag", weights.tag(),
                        "at", WeightCache.isBundled(weights) ? "bundled" : place(weights)))
                .toList();
        return found;
    }

    private String place(PretrainedWeights weights) {
        return tried(() -> cache.find(weights).map(Path::toString).orElse("")).toString();
    }

    private Map<String, Object> free() {
        Map<String, Object> free = new LinkedHashMap<>();
        var places = new LinkedHashMap<>(directories());
        places.put("temporary", Path.of(System.getProperty("java.io.tmpdir", ".")));
        places.put("here", Path.of("").toAbsolutePath());
        places.forEach(
                (name, path) -> free.put(name, nearest((Path) path).toFile().getUsableSpace()));
        return free;
    }

    /** The directory itself, or the nearest one above it that is there. */
    private static Path nearest(Path directory) {
        Path at = directory.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
