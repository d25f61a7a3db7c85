package espalier.web;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What is in every answer: headers that tell the browser to be strict, and errors as JSON below the routes. */
final class Answers {
    private static final String POLICY = "default-src 'self'; img-src 'self' blob: data:; object-src 'none';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(self), microphone=(), geolocation=()",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY");

    private Answers() {}

    /** Puts the strict headers; nothing is kept by caches unless the route says otherwise. */
    static void harden(HttpFields.Mutable headers) {
        HEADERS.forEach(headers::put);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    }

    /** Answers with an error and closes the connection: what is left of the request is of no use. */
    static void refuse(Response response, Callback callback, WebException problem) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        answer(response, callback, problem);
    }

    /** Answers with an error to a request that was read to its end. */
    static void answer(Response response, Callback callback, WebException problem) {
        response.setStatus(problem.status());
        if (problem.status() == 401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        problem.retryAfter().ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Json.TYPE);
        response.write(true, ByteBuffer.wrap(Json.bytes(problem.document())), callback);
    }

    /** What Jetty itself refuses, such as a request that is no HTTP, gets the same kind of answer. */
    static boolean malformed(Request request, Response response, Callback callback) {
        harden(response.getHeaders());
        int status = Math.max(400, response.getStatus());
        String code =
                switch (status) {
                    case 404 -> "not_found";
                    case 408 -> "too_slow";
                    case 414, 431 -> "too_large";
                    case 503 -> "busy";
                    case 505 -> "wrong_http_version";
                    default -> status < 500 ? "bad_request" : "internal";
                };
        var problem = new WebException(status, code, "The request could not be answered (" + status + ").");
        refuse(response, callback, status == 503 ? problem.retryAfter(1) : problem);
        return true;
    }
}
