package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import espalier.format.ModelFileException;
import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The looks at model files, one by one. */
class ShelfTest {
    private static final long NEVER = Integer.MAX_VALUE; // the tests look themselves

    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Shelf.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private int seconds;

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void endListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private Path folder(String name) throws Exception {
        return Files.createDirectories(folder.resolve(name));
    }

    /** A file is taken up at the second look: only then it is known to be still. */
    private static void looks(Shelf shelf) {
        shelf.look();
        shelf.look();
    }

    /** Writes a model into a place, with a time of its own. */
    private Path write(Path file, int seed) throws Exception {
        TinyModel.write(file, seed);
        return touched(file);
    }

    private Path touched(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * seconds++));
        return file;
    }

    private static String version(Shelf shelf, String name) {
        var model = shelf.enter(name);
        model.leave();
        return model.version();
    }

    private static String file(Shelf shelf, String name) {
        var model = shelf.enter(name);
        model.leave();
        return model.source().name().toLowerCase(Locale.ROOT);
    }

    /** What was said since the last time, as {@code "WARN text"}. */
    private List<String> said() {
        var lines = log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
        log.list.clear();
        return lines;
    }

    @Test
    void M14_fileThatCannotBeServed_hindersNoOtherAndIsToldOnce() throws Exception {
        Path b = write(folder.resolve("b.safetensors"), 1);
        try (var shelf = new Shelf(Map.of(), List.of(folder), NEVER)) {
            String before = version(shelf, "b");
            Path strange = write(folder.resolve("a b.safetensors"), 2);
            write(b, 3);
            said();
            looks(shelf);
            looks(shelf);
            assertThat(version(shelf, "b")).isNotEqualTo(before);
            assertThat(said())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith("WARN") && line.contains("'a b': names are letters"))
                    .anyMatch(line -> line.matches("INFO b [0-9a-f]{12}\\.2 is served instead of [0-9a-f]{12}\\.1"));
            Files.delete(strange);
            looks(shelf);
            assertThat(said()).isEmpty();
        }
    }

    @Test
    void M14_fileThatNeedsTooMuchMemory_isUnusableAndNoMore() throws Exception {
        Path a = write(folder.resolve("a.safetensors"), 1);
        Path b = write(folder.resolve("b.safetensors"), 2);
        List<Path> large = new ArrayList<>();
        Function<Path, Predictor> loader = file -> {
            if (large.contains(file)) {
                throw new OutOfMemoryError("Java heap space");
            }
            return Predictor.load(file);
        };
        try (var shelf = new Shelf(Map.of(), List.of(folder), NEVER, loader)) {
            large.add(touched(a));
            touched(b);
            said();
            looks(shelf);
            assertThat(file(shelf, "a")).isEqualTo("unusable");
            assertThat(version(shelf, "a")).endsWith(".1");
            assertThat(version(shelf, "b")).endsWith(".3");
            assertThat(said()).anyMatch(line -> line.startsWith("WARN") && line.contains("Maybe start Java"));
        }
    }

    @Test
    void M14_brokenFileThatComesBack_isStillUnusable() throws Exception {
        Path a = write(folder.resolve("a.safetensors"), 1);
        try (var shelf = new Shelf(Map.of(), List.of(folder), NEVER)) {
            Files.writeString(a, "no model at all");
            looks(shelf);
            assertThat(file(shelf, "a")).isEqualTo("unusable");
            Path away = Files.move(a, folder.resolve("away"));
            looks(shelf);
            assertThat(file(shelf, "a")).isEqualTo("missing");
            Files.move(away, a);
            looks(shelf);
            assertThat(file(shelf, "a")).isEqualTo("unusable");
            write(a, 1);
            looks(shelf);
            assertThat(file(shelf, "a")).isEqualTo("present");
        }
    }

    @Test
    void M14_fileOfTheSameName_replacesNoOtherFoldersModel() throws Exception {
        write(folder("x").resolve("m.safetensors"), 1);
        write(folder("y").resolve("n.safetensors"), 2);
        var places = List.of(folder("x"), folder("y"));
        try (var shelf = new Shelf(Map.of(), places, NEVER)) {
            String before = version(shelf, "m");
            write(folder("y").resolve("m.safetensors"), 3);
            said();
            looks(shelf);
            looks(shelf);
            assertThat(version(shelf, "m")).isEqualTo(before);
            assertThat(file(shelf, "m")).isEqualTo("present");
            assertThat(said())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("WARN")
                            .contains("y/m.safetensors cannot be served", "two models are called m. Maybe rename"));
            write(folder("x").resolve("m.safetensors"), 4);
            looks(shelf);
            assertThat(version(shelf, "m")).isNotEqualTo(before);
        }
        assertThatThrownBy(() -> new Shelf(Map.of(), places, NEVER))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("two models are called m");
    }

    @Test
    void newFileAndDefault_areTold() throws Exception {
        write(folder.resolve("a.safetensors"), 1);
        write(folder.resolve("b.safetensors"), 2);
        try (var shelf = new Shelf(Map.of(), List.of(folder), NEVER)) {
            assertThat(said()).containsExactly("INFO a answers requests that name no model");
            write(folder.resolve("c.safetensors"), 3);
            looks(shelf);
            assertThat(said())
                    .singleElement()
                    .satisfies(line -> assertThat(line).matches("INFO c [0-9a-f]{12}\\.3 is served"));
        }
    }

    @Test
    void M14_badFileAtTheStart_freesWhatWasLoadedBefore() throws Exception {
        write(folder.resolve("a.safetensors"), 1);
        Files.writeString(folder.resolve("b.safetensors"), "no model at all");
        List<Predictor> loaded = new ArrayList<>();
        Function<Path, Predictor> loader = file -> {
            var predictor = Predictor.load(file);
            loaded.add(predictor);
            return predictor;
        };
        assertThatThrownBy(() -> new Shelf(Map.of(), List.of(folder), NEVER, loader))
                .isInstanceOf(ModelFileException.class);
        byte[] picture = TinyModel.pictures(1).get(0);
        assertThat(loaded)
                .singleElement()
                .satisfies(predictor ->
                        assertThatThrownBy(() -> predictor.predict(picture)).isInstanceOf(IllegalStateException.class));
    }
}
