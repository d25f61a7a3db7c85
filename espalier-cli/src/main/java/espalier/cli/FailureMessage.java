package espalier.cli;

import espalier.files.CannotWriteException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What a failure says to the user: its own words where it has some, never the name of a Java class alone. */
final class FailureMessage {
    private FailureMessage() {}

    static String of(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof CannotWriteException && next.getMessage() != null) {
                return next.getMessage();
            }
            if (next instanceof OutOfMemoryError) {
                return "the memory is full: Java has " + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MB. Maybe give it more: ESPALIER_JAVA_OPTS=-Xmx4g, or work on a part of the data.";
            }
        }
        if (failure instanceof UncheckedIOException && failure.getCause() != null && isBare(failure)) {
            return of(failure.getCause());
        }
        if (failure instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile() + ". Maybe it was moved or deleted.";
        }
        if (failure instanceof AccessDeniedException denied) {
            return "cannot open " + denied.getFile() + ": permission denied. Maybe it belongs to another user.";
        }
        if (failure instanceof UnknownHostException || failure instanceof ConnectException) {
            return "the network does not answer: " + failure.getMessage()
                    + ". Maybe this machine is offline, or needs a proxy (https_proxy).";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** Whether an exception only repeats its cause, class name and all. */
    private static boolean isBare(Throwable failure) {
        return String.valueOf(failure.getCause()).equals(failure.getMessage());
    }
}
