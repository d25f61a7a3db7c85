package espalier.web;

/**
 * How large a request's body may be on a route.
 *
 * @param most bytes
 * @param tooLarge what a caller is told whose body is larger
 */
public record BodyLimit(int most, String tooLarge) {
    /** A limit that is told in bytes of the body. */
    public static BodyLimit of(int most) {
        return new BodyLimit(most, "The request is too large: at most " + most + " bytes are taken here.");
    }

    /** A copy that tells callers in other words what is taken, such as how large a file in the body may be. */
    public BodyLimit saying(String tooLarge) {
        return new BodyLimit(most, tooLarge);
    }

    /** The same within the memory for all bodies together: what never fits in there must not be asked to come back. */
    BodyLimit within(long bodies) {
        return most <= bodies
                ? this
                : new BodyLimit(
                        (int) bodies,
                        "The request is too large: this server has memory for at most " + bodies
                                + " bytes. Maybe send less at once, or start the server's Java with a larger -Xmx.");
    }

    WebException refusal() {
        return new WebException(413, "too_large", tooLarge);
    }
}
