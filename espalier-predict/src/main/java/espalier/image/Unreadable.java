package espalier.image;

import java.io.IOException;

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

    String reason() {
        return String.valueOf(getMessage());
    }

    String advice() {
        return advice;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // thrown once a bad file, always shown by reason alone
    }
}
