package espalier.cli;

import espalier.collect.fetch.FetchException;
import espalier.files.CannotWriteException;
import espalier.format.ModelFileException;
import espalier.report.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** The exit codes of the command, which scripts may rely on, and which failure has which. */
public final class ExitCodes {
    /** Done. */
    public static final int DONE = 0;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** Data or a model file cannot be used. */
    public static final int BAD_DATA = 65;
    /** An input file or folder is missing. */
    public static final int NO_INPUT = 66;
    /** The network, or what is behind it, does not answer. */
    public static final int NETWORK = 69;
    /** A fault of Espalier itself. */
    public static final int INTERNAL = 70;
    /** The output cannot be written. */
    public static final int CANNOT_WRITE = 73;
    /** Reading or writing failed midway. */
    public static final int IO = 74;
    /** Interrupted by the user. */
    public static final int INTERRUPTED = 130;

    private ExitCodes() {}

    /** The code that belongs to a failure; its causes count too. */
    public static int of(Throwable failure) {
        if (failure instanceof CommandException told) {
            return told.exitCode();
        }
        var chain = chain(failure);
        if (any(chain, List.of(InterruptedException.class))) {
            return INTERRUPTED;
        }
        if (any(chain, List.of(CannotWriteException.class))) {
            return CANNOT_WRITE;
        }
        if (any(
                chain,
                List.of(
                        FetchException.class,
                        UnknownHostException.class,
                        SocketException.class,
                        HttpTimeoutException.class))) {
            return NETWORK;
        }
        if (any(chain, List.of(NoSuchFileException.class, FileNotFoundException.class))) {
            return NO_INPUT;
        }
        if (any(chain, List.of(DataException.class, ModelFileException.class))) {
            return BAD_DATA;
        }
        if (any(chain, List.of(IOException.class, UncheckedIOException.class))) {
            return IO;
        }
        return failure instanceof IllegalArgumentException ? USAGE : INTERNAL;
    }

    private static List<Throwable> chain(Throwable failure) {
        var chain = new ArrayList<Throwable>();
        for (var next = failure; next != null && !chain.contains(next); next = next.getCause()) {
            chain.add(next);
        }
        return chain;
    }

    private static boolean any(List<Throwable> chain, List<Class<? extends Throwable>> types) {
        return chain.stream().anyMatch(link -> types.stream().anyMatch(type -> type.isInstance(link)));
    }
}
