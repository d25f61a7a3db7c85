package espalier.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. Three checks keep pages of other sites, which run in the same browser, away from a server on the local
 * address: the {@code Host} must be a name of this server (against names that are made to point here), the
 * {@code Origin} of whatever may change something must be the server itself (against forms and scripts of other pages),
 * and the token, where there is one, must be right.
 *
 * @param local whether the server can only be reached from this machine: then only local names are hosts
 * @param port the server's port
 * @param names further names by which it may be called, such as a proxy's, without port
 * @param token what every caller must show; empty for none
 * @param nameHint a sentence for those who call it by another name
 */
record HostGuard(boolean local, int port, List<String> names, Optional<String> token, String nameHint) {
    /** What helps where no further names can be given. */
    static final String NAME_HINT = "Maybe open the address that was printed when it was started.";

    /** The code of the error for a token that is another. */
    static final String WRONG_TOKEN = "wrong_token";

    private static final List<String> LOCAL_NAMES = List.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> READING = Set.of("GET", "HEAD");

    /**
     * What a request says of where it comes from; header values as they came, in order.
     *
     * @param method such as {@code "POST"}
     * @param hosts the values of {@code Host}
     * @param origins the values of {@code Origin}
     * @param browser whether it has a header that only browsers send: {@code Sec-Fetch-Site}, {@code Cookie} or
     *     {@code Referer}
     * @param tokens the values of {@code X-Espalier-Token} and those of {@code Authorization} after {@code Bearer}
     */
    record Caller(String method, List<String> hosts, List<String> origins, boolean browser, List<String> tokens) {}

    /** Why the request is refused; empty when it may go on. {@code open}: it needs no token. */
    Optional<WebException> refusal(Caller caller, boolean open) {
        if (caller.hosts().size() != 1) {
            return refused(400, "bad_host", "The request must have exactly one Host header.");
        }
        String host = caller.hosts().get(0).toLowerCase(Locale.ROOT);
        if (!knows(host)) {
            return refused(421, "wrong_host", "This server does not go by that name. " + nameHint);
        }
        if (!isReading(caller.method())) {
            var stranger = stranger(caller, host);
            if (stranger.isPresent()) {
                return stranger;
            }
        }
        return open ? Optional.empty() : withoutToken(caller.tokens());
    }

    HostGuard(boolean local, int port, List<String> names, Optional<String> token) {
        this(local, port, names, token, NAME_HINT);
    }

    /** Whether requests of this method change nothing. */
    static boolean isReading(String method) {
        return READING.contains(method);
    }

    private boolean knows(String host) {
        if (!local && names.isEmpty()) {
            return !host.isBlank(); // the token, which no other site's page knows, guards it
        }
        if (hasPort(host)) {
            return names.contains(name(host)) || (LOCAL_NAMES.contains(name(host)) && host.endsWith(":" + port));
        }
        return names.contains(host) || (port == 80 && LOCAL_NAMES.contains(host));
    }

    private static boolean hasPort(String host) {
        return host.lastIndexOf(':') > host.lastIndexOf(']');
    }

    private static String name(String host) {
        return hasPort(host) ? host.substring(0, host.lastIndexOf(':')) : host;
    }

    private static Optional<WebException> stranger(Caller caller, String host) {
        if (caller.origins().isEmpty()) {
            return caller.browser()
                    ? refused(403, "no_origin", "A browser must say which page asks, by the header Origin.")
                    : Optional.empty();
        }
        // Behind a proxy the page is at https and the server at http: the scheme may differ, the name may not.
        Set<String> own = new HashSet<>(List.of("http://" + host, "https://" + host));
        for (String origin : caller.origins()) {
            if (!own.contains(origin.toLowerCase(Locale.ROOT))) {
                return refused(403, "wrong_origin", "A page of another site cannot do this.");
            }
        }
        return Optional.empty();
    }

    private Optional<WebException> withoutToken(List<String> shown) {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        if (shown.isEmpty()) {
            return refused(401, "no_token", "This needs the token: header 'Authorization: Bearer TOKEN'.");
        }
        boolean right = true;
        for (String one : shown) {
            right &= sameText(one, token.get());
        }
        return right ? Optional.empty() : refused(401, WRONG_TOKEN, "The token is wrong.");
    }

    /** In a time that does not depend on how many characters agree. */
    private static boolean sameText(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<WebException> refused(int status, String code, String message) {
        return Optional.of(new WebException(status, code, message));
    }

    /** The tokens in headers: whole values of the one, what follows {@code Bearer} in the other. */
    static List<String> tokens(List<String> own, List<String> authorization) {
        var all = new ArrayList<>(own);
        for (String value : authorization) {
            boolean bearer = value.regionMatches(true, 0, "Bearer ", 0, 7);
            all.add(bearer ? value.substring(7).strip() : "");
        }
        return all;
    }
}
