package espalier.examples.book;

import espalier.vision.model.Architecture;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The chapters in their order, by the names that {@code espalier example} knows. */
public final class Book {
    private static final Map<String, Chapter> CHAPTERS = new LinkedHashMap<>();

    static {
        CHAPTERS.put("tensors", TensorsChapter::run);
        CHAPTERS.put("first-network", FirstNetwork::run);
        CHAPTERS.put("convolutions", Convolutions::run);
        CHAPTERS.put("transfer", TransferByHand::run);
        CHAPTERS.put("data-sets", DataSets::run);
        CHAPTERS.put("keeping-models", KeepingModels::run);
        CHAPTERS.put("transforms", TransformsChapter::run);
        CHAPTERS.put("more-models", MoreModels::run);
        CHAPTERS.put("looking-inside", LookingInside::run);
        CHAPTERS.put("devices", Devices::run);
        CHAPTERS.put("sequences", Sequences::run);
    }

    private Book() {}

    /** Every chapter by its name. */
    public static Map<String, Chapter> chapters() {
        return Collections.unmodifiableMap(CHAPTERS);
    }

    /** Copies the pictures of some classes, so that there are few; returns the folder with {@code train} and {@code test}. */
    static Path only(Path pictures, Path out, String... classes) throws IOException {
        Path folder = out.resolve(String.join("-", classes));
        for (String part : new String[] {"train", "test"}) {
            for (String name : classes) {
                Path to = Files.createDirectories(folder.resolve(part).resolve(name));
                try (var files = Files.list(pictures.resolve(part).resolve(name))) {
                    for (Path file : files.sorted().toList()) {
                        Path copy = to.resolve(
                                Objects.requireNonNull(file.getFileName()).toString());
                        if (!Files.exists(copy)) {
                            Files.copy(file, copy);
                        }
                    }
                }
            }
        }
        return folder;
    }

    /** Runs {@code action} with a provider of architectures named in {@code META-INF/services}, as in a jar of one's own. */
    static void provided(Path out, Class<? extends Architecture.Provider> provider, Runnable action)
            throws IOException {
        Path jar = out.resolve("jar");
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(Architecture.Provider.class.getName()), provider.getName());
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
