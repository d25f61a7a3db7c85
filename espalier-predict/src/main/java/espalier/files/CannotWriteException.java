package espalier.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** That a result cannot be written where it was asked for: what, where, and what may help. */
public final class CannotWriteException extends IOException {
    /** How the names of our own temporary files begin, which say nothing to a user. */
    static final String TEMPORARY = ".espalier-";

    private final transient Path target;
    private final String reason;

    private CannotWriteException(Path target, String reason, String hint) {
        super("cannot write " + target + ": " + reason + ". " + hint);
        this.target = target;
        this.reason = reason;
    }

    private CannotWriteException(Path target, IOException cause) {
        this(target, reason(cause), hint(cause));
        initCause(cause);
    }

    /** That {@code target} must not be written: the reason, a clause, and what may help, a sentence. */
    public static CannotWriteException refused(Path target, String reason, String hint) {
        return new CannotWriteException(target, reason, hint);
    }

    /** That writing {@code target} failed with {@code cause}; a cause that says it already is given back. */
    public static CannotWriteException of(Path target, IOException cause) {
        return cause instanceof CannotWriteException told ? told : new CannotWriteException(target, cause);
    }

    /** The same with another sentence that may help. */
    public CannotWriteException hint(String other) {
        var same = new CannotWriteException(target, reason, other);
        same.initCause(this);
        return same;
    }

    /** The same; where the disk is full, with how many bytes the file takes. */
    public CannotWriteException needing(long bytes) {
        return getCause() instanceof IOException cause && isFull(cause)
                ? hint("The file takes " + Math.max(1, (bytes + (1 << 20) - 1) >> 20)
                        + " MB. Maybe delete something there first, or choose a place on another disk.")
                : this;
    }

    /** Whether {@code failure} is a disk or quota that is full. */
    static boolean isFull(IOException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded") || text.contains("not enough space");
    }

    private static String hint(IOException cause) {
        return isFull(cause)
                ? "Maybe delete something there first, or choose a place on another disk."
                : "Maybe choose another place: one that exists and that you may write to.";
    }

    /** The reason in words, without names of Java's classes. */
    private static String reason(IOException cause) {
        if (isFull(cause)) {
            return "the disk is full";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is there already, and is not a folder";
        }
        if (cause instanceof NotDirectoryException file) {
            return file.getFile() + " is not a folder";
        }
        if (cause instanceof NoSuchFileException missing) {
            boolean ours = String.valueOf(missing.getFile()).contains(TEMPORARY);
            return ours ? "no file can be made there" : "there is no " + missing.getFile();
        }
        if (cause instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
