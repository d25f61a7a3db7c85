package espalier.examples.book;

import java.io.IOException;
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
}
