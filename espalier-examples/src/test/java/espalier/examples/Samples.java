package espalier.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small folders of pictures for the examples. */
final class Samples {
    private static final Path ALL = Path.of("../samples/fashion-mnist/train");

    private Samples() {}

    /** Copies {@code count} bags and as many trousers into {@code folder/pictures}; gives that folder. */
    static Path twoClasses(Path folder, int count) throws IOException {
        Path pictures = folder.resolve("pictures");
        for (String name : new String[] {"bag", "trouser"}) {
            Path to = Files.createDirectories(pictures.resolve(name));
            try (var files = Files.list(ALL.resolve(name))) {
                for (Path file : files.sorted().limit(count).toList()) {
                    Files.copy(file, to.resolve(file.getFileName().toString()));
                }
            }
        }
        return pictures;
    }

    /** The first picture below a folder. */
    static Path first(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }
}
