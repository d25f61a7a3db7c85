package espalier.examples.book;

import espalier.vision.model.Architecture;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** What chapters need before they begin: few pictures, a jar of one's own. */
final class Stage {
    private Stage() {}

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
