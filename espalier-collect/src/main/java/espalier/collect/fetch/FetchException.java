package espalier.collect.fetch;

import java.io.IOException;

/** Says why an address could not be fetched. The message never holds a key. */
public final class FetchException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as a caller can act on it. */
    public enum Kind {
        /** The address is malformed, of another scheme, or inside this network: never asked. */
        REFUSED,
        /** The name has no address. */
        UNKNOWN_HOST,
        /** Nobody answered at the address, or the proxy would not pass us on. */
        CONNECT,
        /** The certificate is expired, for another host, or not trusted. */
        TLS,
        /** Connecting, waiting or the whole exchange took longer than allowed. */
        TIMEOUT,
        /** The connection ended before the answer did. */
        BROKEN,
        /** The answer comes so slowly that waiting for its end makes no sense. */
        TOO_SLOW,
        /** The answer holds more bytes than allowed. */
        TOO_LARGE,
        /** Too many redirects, a loop, or one to where we do not go. */
        REDIRECT,
        /** The answer is not HTTP as we know it. */
        PROTOCOL,
        /** The server answered in order, but with an error status. */
        STATUS
    }

    private final Kind kind;
    private final int status;

    FetchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.status = 0;
    }

    FetchException(int status, String message) {
        super(message);
        this.kind = Kind.STATUS;
        this.status = status;
    }

    FetchException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = 0;
    }

    private FetchException(FetchException cause, String message) {
        super(message, cause);
        this.kind = cause.kind;
        this.status = cause.status;
    }

    /** That an answer comes too slowly: {@code message} says how slowly. */
    public static FetchException tooSlow(String message) {
        return new FetchException(Kind.TOO_SLOW, message);
    }

    /** This failure told in other words, which must be free of keys. */
    public FetchException saying(String message) {
        return new FetchException(this, message);
    }

    /** What happened, free of keys. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The HTTP status of a {@link Kind#STATUS} failure, else 0. */
    public int status() {
        return status;
    }

    /** Whether a second try may help: true when the network failed, false when an answer was refused. */
    public boolean isTransient() {
        return kind == Kind.TIMEOUT || kind == Kind.BROKEN || kind == Kind.CONNECT || kind == Kind.UNKNOWN_HOST;
    }
}
