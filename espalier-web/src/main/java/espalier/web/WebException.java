package espalier.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** A request that gets an error: {@code {"error": {"code": ..., "message": ...}}} with a status. */
public final class WebException extends RuntimeException {
    private final int status;
    private final String code;
    private final OptionalInt retryAfter;

    /**
     * @param status of HTTP, 400 to 599
     * @param code a word for programs, such as {@code "too_large"}
     * @param message a sentence for people; says nothing of the server's insides
     */
    public WebException(int status, String code, String message) {
        this(status, code, message, OptionalInt.empty());
    }

    private WebException(int status, String code, String message, OptionalInt retryAfter) {
        super(message, null, false, false); // an answer, not a fault: nobody looks at where it was made
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** A copy that asks to come back after so many seconds. */
    public WebException retryAfter(int seconds) {
        return new WebException(status, code, message(), OptionalInt.of(seconds));
    }

    /** The status of HTTP. */
    public int status() {
        return status;
    }

    /** The word for programs. */
    public String code() {
        return code;
    }

    /** The sentence for people. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** After how many seconds to come back; mostly empty. */
    public OptionalInt retryAfter() {
        return retryAfter;
    }

    /** The body of the answer. */
    public Map<String, Object> document() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message());
        return Map.of("error", error);
    }
}
