package espalier.cli;

import espalier.examples.book.Book;
import espalier.examples.book.Chapter;
import espalier.examples.book.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier example}: runs a chapter of the book. */
@Command(
        name = "example",
        description = {
            "Run a chapter of the book, on bundled pictures or on your own.",
            "Its chapters build tensors, networks and training loops by hand. Without a name, all are listed; their text is in"
                    + " docs/book."
        },
        footer = {
            "",
            "Example:",
            "  espalier example first-network",
            "  espalier example convolutions --full dogs-vs-cats"
        })
final class ExampleCommand extends EspalierCommand {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The chapter's name.")
    String name = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Where the chapter writes its files. Default: ${DEFAULT-VALUE}.",
            defaultValue = "espalier-example")
    Path out = Path.of("espalier-example");

    @Option(
            names = "--full",
            paramLabel = "DIR",
            description =
                    "Your own pictures, in a folder for each class, at the size that the chapter's network was made for, instead"
                            + " of the bundled ones of 28 pixels. A fifth of each class is kept for the test; a chapter with two"
                            + " classes takes the first two by name.")
    private Optional<Path> full = Optional.empty();

    @Override
    int run(Console console) throws IOException {
        if (name.isEmpty() && full.isPresent()) {
            throw wrongUsage("--full needs the NAME of a chapter; " + names());
        }
        if (name.isEmpty()) {
            console.json(Map.of("chapters", List.copyOf(Book.chapters().keySet())));
            Book.chapters().keySet().forEach(console::result);
            return ExitCodes.DONE;
        }
        var chapter = Book.chapters().get(name);
        if (chapter == null) {
            throw wrongUsage("there is no chapter " + name + "; " + names());
        }
        if (full.isPresent() && !Book.takesPictures(name)) {
            throw wrongUsage("the chapter " + name + " takes no pictures, so it has one size. Maybe leave --full out.");
        }
        var lines = print(console, chapter, full.isPresent() ? full(full.get()) : bundled());
        console.json(Map.of("chapter", name, "output", lines, "files", out.toString()));
        return ExitCodes.DONE;
    }

    private static String names() {
        return "there are " + String.join(", ", Book.chapters().keySet()) + ".";
    }

    private Stage full(Path pictures) throws IOException {
        CommandException.folder(pictures);
        Files.createDirectories(out);
        return Stage.full(pictures, out);
    }

    private Stage bundled() throws IOException {
        Path pictures = out.resolve("fashion-mnist");
        Files.createDirectories(pictures);
        BundledPictures.copyTo(pictures, Integer.MAX_VALUE);
        return Stage.bundled(pictures, out);
    }

    private List<String> print(Console console, Chapter chapter, Stage stage) throws IOException {
        var lines = new ArrayList<String>();
        try (var stream = new PrintStream(
                new Lines(line -> {
                    lines.add(line);
                    console.result(line);
                }),
                true,
                StandardCharsets.UTF_8)) {
            chapter.run(stage, stream);
        }
        return lines;
    }

    /** Hands on each line as soon as it is complete. */
    private static final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final java.util.function.Consumer<String> whole;

        Lines(java.util.function.Consumer<String> whole) {
            this.whole = whole;
        }

        @Override
        public void write(int value) {
            if (value == '\n') {
                whole.accept(line.toString(StandardCharsets.UTF_8).stripTrailing());
                line.reset();
            } else {
                line.write(value);
            }
        }
    }
}
