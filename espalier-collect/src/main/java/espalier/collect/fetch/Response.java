package espalier.collect.fetch;

import espalier.collect.fetch.FetchException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server answered after all redirects. Close it: that ends the connection. */
public final class Response implements AutoCloseable {
    private final Url url;
    private final int status;
    private final Map<String, List<String>> headers;
    private final InputStream body;
    private final AutoCloseable connection;

    Response(Url url, Head head, InputStream body, AutoCloseable connection) {
        this.url = url;
        this.status = head.status();
        this.headers = head.headers();
        this.body = body;
        this.connection = connection;
    }

    /** The address that answered, the last one of the redirects. */
    public Url url() {
        return url;
    }

    /** The HTTP status, 200 to 599 except followed redirects. */
    public int status() {
        return status;
    }

    /** The first header of that name, whatever its case. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** Every header of that name, whatever its case, in their order. */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** Every header, names in lower case. */
    Map<String, List<String>> headers() {
        return headers;
    }

    /** The declared length of the body in bytes. */
    public OptionalLong length() {
        return header("content-length").stream().mapToLong(Long::parseLong).findFirst();
    }

    /**
     * The body. Reading throws {@link FetchException} when it stalls, breaks off, is shorter than
     * declared or larger than allowed.
     */
    public InputStream body() {
        return body;
    }

    /**
     * The whole body as UTF-8 text.
     *
     * @param maxBytes the most it may hold
     */
    public String text(int maxBytes) throws IOException {
        byte[] bytes = body.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new FetchException(Kind.TOO_LARGE, "the answer holds more than " + maxBytes + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * This response when its status is 2xx; else it is closed.
     *
     * @throws FetchException of kind {@code STATUS} when it is not
     */
    public Response successful() throws FetchException {
        if (status / 100 == 2) {
            return this;
        }
        close();
        throw new FetchException(status, url.host() + " answers HTTP " + status);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (Exception ignored) {
            // The answer has been read, or nobody wants it: how the connection ends changes nothing.
        }
    }
}
