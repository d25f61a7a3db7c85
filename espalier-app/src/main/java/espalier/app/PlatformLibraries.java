package espalier.app;

import espalier.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The jars that a model needs on a platform, of those of the application folder: without libtorch and the weights that
 * trainings start from, and with those natives alone that prediction loads there.
 *
 * <p>Natives for another platform than this machine's are taken from the local Maven repository.
 */
final class PlatformLibraries {
    /** What is left out as a whole: who trains, trains elsewhere. */
    private static final Pattern TRAINING = Pattern.compile("(pytorch|espalier-weights)-.*");

    /** A jar with JavaCPP's natives: library, version, platform. */
    private static final Pattern NATIVES =
            Pattern.compile("(javacpp|openblas|opencv)-(.*)-(?:linux|macosx|windows)-(?:x86_64|arm64)\\.jar");

    private static final Pattern ONNX_RUNTIME = Pattern.compile("onnxruntime-[0-9].*");

    /** The parts of OpenCV that read pictures. */
    private static final Pattern READING = Pattern.compile("(.*/)?(lib)?(jni)?opencv_(core|imgproc|imgcodecs)[^a-z].*");

    /** A second door to OpenBLAS for programs in C, and their headers. */
    private static final Pattern FOR_C = Pattern.compile(".*/(libjniopenblas_full|jniopenblas_full|include/).*");

    private final Path lib;
    private final Platform platform;
    private final Path repository;
    private final Map<String, AtomicFiles.Content> jars = new TreeMap<>();
    private final List<String> missing = new ArrayList<>();

    private PlatformLibraries(Path lib, Platform platform, Path repository) {
        this.lib = lib;
        this.platform = platform;
        this.repository = repository;
    }

    /** The local Maven repository. */
    static Path repository() {
        return Path.of(System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home", "."), ".m2", "repository")
                        .toString()));
    }

    /**
     * The jars by name.
     *
     * @param lib those of the application
     * @param used whether a jar of {@code lib}, by its name, is needed at all
     * @param repository a local Maven repository
     * @throws IllegalArgumentException when natives for the platform are not there, or ONNX Runtime is not in {@code lib}
     */
    static Map<String, AtomicFiles.Content> of(Path lib, Predicate<String> used, Platform platform, Path repository)
            throws IOException {
        var libraries = new PlatformLibraries(lib, platform, repository);
        try (var found = Files.list(lib)) {
            for (Path jar : found.filter(Files::isRegularFile)
                    .filter(file -> used.test(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList()) {
                libraries.add(jar);
            }
        }
        libraries.check();
        return libraries.jars;
    }

    private void add(Path jar) {
        String name = String.valueOf(jar.getFileName());
        var natives = NATIVES.matcher(name);
        if (natives.matches()) {
            addNatives(natives.group(1), natives.group(2));
        } else if (ONNX_RUNTIME.matcher(name).matches()) {
            String all = "ai/onnxruntime/native/";
            String own = all + platform.natives() + "/";
            jars.put(
                    name,
                    filtered(
                            jar,
                            entry -> !entry.startsWith(all) || (entry.startsWith(own) && !entry.contains(".dSYM"))));
        } else if (!TRAINING.matcher(name).matches()) {
            jars.put(name, out -> Files.copy(jar, out));
        }
    }

    private void addNatives(String library, String version) {
        String name = library + "-" + version + "-" + platform.classifier() + ".jar";
        Path jar = lib.resolve(name);
        if (!Files.isRegularFile(jar)) {
            jar = repository.resolve(Path.of("org", "bytedeco", library, version, name));
        }
        if (!Files.isRegularFile(jar)) {
            missing.add("org.bytedeco:" + library + ":" + version + ":jar:" + platform.classifier());
            return;
        }
        String folder = "org/bytedeco/" + library + "/" + platform.classifier() + "/";
        jars.put(name, filtered(jar, entry -> !entry.startsWith(folder) || isLoaded(library, entry)));
    }

    private static boolean isLoaded(String library, String entry) {
        return switch (library) {
            case "opencv" -> READING.matcher(entry).matches();
            case "openblas" -> !FOR_C.matcher(entry).matches();
            default -> true;
        };
    }

    private void check() {
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("the natives for " + platform.text() + " are not on this machine: "
                    + String.join(", ", missing) + ". Maybe let Maven get each of them first: mvn dependency:get"
                    + " -Dtransitive=false -Dartifact=" + missing.get(0));
        }
        if (jars.keySet().stream().noneMatch(name -> ONNX_RUNTIME.matcher(name).matches())) {
            throw new IllegalArgumentException(
                    lib + " has no jar of ONNX Runtime, which predicts without libtorch. Maybe"
                            + " the application folder was changed: build it again.");
        }
    }

    /** A jar with some of its entries. */
    private static AtomicFiles.Content filtered(Path jar, Predicate<String> kept) {
        return out -> {
            var zip = new ZipOutputStream(out);
            try (var in = new ZipInputStream(Files.newInputStream(jar))) {
                for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    if (kept.test(entry.getName())) {
                        var copy = new ZipEntry(entry.getName());
                        copy.setLastModifiedTime(entry.getLastModifiedTime());
                        zip.putNextEntry(copy);
                        in.transferTo(zip);
                        zip.closeEntry();
                    }
                }
            }
            zip.finish();
        };
    }
}
