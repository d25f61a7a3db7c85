package espalier.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The bundled pictures: 1,000 of Fashion-MNIST, in the folders train and test, with a folder for each class. */
final class BundledPictures {
    private BundledPictures() {}

    /** Copies at most {@code perClass} pictures of each class and part to {@code target}. */
    static void copyTo(Path target, int perClass) throws IOException {
        URI source = source();
        if (source.getScheme().equals("jar")) {
            try (var jar = FileSystems.newFileSystem(source, Map.of())) {
                copy(jar.getPath("/espalier/cli/fashion-mnist"), target, perClass);
            }
        } else {
            copy(Path.of(source), target, perClass);
        }
    }

    private static URI source() {
        try {
            return Objects.requireNonNull(
                            BundledPictures.class.getResource("fashion-mnist"), "the bundled pictures are missing")
                    .toURI();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void copy(Path from, Path target, int perClass) throws IOException {
        Map<Path, Integer> copied = new HashMap<>();
        for (Path file : files(from)) {
            Path relative = Path.of(from.relativize(file).toString());
            Path folder = Objects.requireNonNull(target.resolve(relative).getParent());
            boolean picture = relative.getNameCount() > 2;
            if (picture && copied.merge(folder, 1, Integer::sum) > perClass) {
                continue;
            }
            Files.createDirectories(folder);
            Files.copy(file, target.resolve(relative), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<Path> files(Path folder) {
        try (var walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
