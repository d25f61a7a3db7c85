package espalier.examples.book;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** A chapter of the book as a program. */
@FunctionalInterface
public interface Chapter {
    /**
     * Runs the chapter's code.
     *
     * @param pictures the bundled pictures: folders {@code train} and {@code test} with a folder for each class
     * @param out a folder for what the chapter writes
     * @param print where its output goes; the same on each run
     */
    void run(Path pictures, Path out, PrintStream print) throws IOException;
}
