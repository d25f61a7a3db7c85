package espalier.examples.book;

import java.io.IOException;
import java.io.PrintStream;

/** A chapter of the book as a program. */
@FunctionalInterface
public interface Chapter {
    /**
     * Runs the chapter's code.
     *
     * @param stage its pictures, their size, and a folder for what it writes
     * @param print where its output goes; the same on each run
     */
    void run(Stage stage, PrintStream print) throws IOException;
}
