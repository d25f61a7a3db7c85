package espalier.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A file that answers are streamed into: each is in it as soon as it is known. */
final class ResultFile implements AutoCloseable {
    private final Path path;
    private final PrintWriter writer;

    private ResultFile(Path path, PrintWriter writer) {
        this.path = path;
        this.writer = writer;
    }

    /** The form that a file's ending asks for. @throws CommandException with code 2 when it is another ending */
    static Answers.Form form(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return Answers.Form.CSV;
        }
        if (name.endsWith(".jsonl")) {
            return Answers.Form.JSONL;
        }
        throw new CommandException(
                ExitCodes.USAGE,
                "--out is " + path + ", expected a name that ends in .csv or .jsonl. Maybe answers.csv.");
    }

    /**
     * The file, in place of one that is there.
     *
     * @param inputs what must not be overwritten
     * @throws CommandException with code 73 when it cannot be written
     */
    static ResultFile open(Path path, List<Path> inputs) {
        inputs.stream().filter(Files::exists).forEach(input -> CommandException.writableBeside(path, input));
        return new ResultFile(path, new PrintWriter(new Late(path)));
    }

    /** Begins a file with the first text, so that one that is there stays when there is nothing to say. */
    private static final class Late extends Writer {
        private final Path path;
        private @Nullable Writer file;

        Late(Path path) {
            this.path = path;
        }

        @Override
        public void write(char[] text, int from, int count) throws IOException {
            if (file == null) {
                file = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
            }
            file.write(text, from, count);
        }

        @Override
        public void flush() throws IOException {
            if (file != null) {
                file.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }

    PrintWriter writer() {
        return writer;
    }

    /** @throws CommandException with code 73 when not all could be written */
    @Override
    public void close() {
        boolean failed = writer.checkError();
        writer.close();
        if (failed || writer.checkError()) {
            throw CommandException.unwritable(
                    path, new IOException("not all answers could be written to " + path + ". Maybe the disk is full."));
        }
    }
}
