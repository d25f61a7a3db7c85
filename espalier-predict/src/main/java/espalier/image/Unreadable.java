package espalier.image;

import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says inside this package why a picture cannot be read; the gate adds the file's name to it. */
final class Unreadable extends IOException {
    private final String advice;

    Unreadable(String reason, String advice) {
        super(reason);
        this.advice = advice;
    }

    /** The file ends before its picture does. */
    static Unreadable truncated(ImageType type) {
        return new Unreadable(
                "truncated " + type.label(),
                "Maybe a download was interrupted: fetch the file again, or allow truncated pictures");
    }

    /** The file is whole, but breaks its format's rules. */
    static Unreadable damaged(ImageType type, String what) {
        return new Unreadable(
                "damaged " + type.label() + ": " + what, "Maybe the file was changed on its way: fetch it again");
    }

    /** The file is sound, but of a kind that Espalier does not decode. */
    static Unreadable unsupported(String format) {
        return new Unreadable("unsupported format " + format, "Maybe convert it to JPEG or PNG");
    }

    /** What a caller is told of a failure to read a file. */
    static DataException rejected(String file, IOException failure) {
        if (failure instanceof Unreadable unreadable) {
            return DataException.unreadable(file, unreadable.reason(), unreadable.advice, failure);
        }
        if (failure instanceof NoSuchFileException) {
            return DataException.unreadable(
                    file, "no such file", "Maybe it was moved or deleted since it was listed", failure);
        }
        if (failure instanceof AccessDeniedException) {
            return DataException.unreadable(
                    file, "permission denied (EACCES)", "Maybe change its permissions or run as its owner", failure);
        }
        return DataException.unreadable(
                file, "input/output error: " + failure.getMessage(), "Maybe the disk or network is at fault", failure);
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // thrown once a bad file, always shown by reason alone
    }
}
