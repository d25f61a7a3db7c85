package espalier.collect.fetch;

import espalier.collect.fetch.FetchException.Kind;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An http or https address, taken apart as browsers do it: spaces and other scripts are encoded,
 * international host names become ASCII, {@code 127.1}, {@code 0x7f000001} and {@code 2130706433} are
 * seen as the address they mean. The query is kept byte for byte, because signed addresses depend on it.
 *
 * @param scheme {@code "http"} or {@code "https"}
 * @param host a lower-case name, a dotted IPv4 address or an IPv6 address without brackets
 * @param port 1 to 65535
 * @param target path and query, at least {@code "/"}
 */
public record Url(String scheme, String host, int port, String target) {
    private static final Pattern SCHEME = Pattern.compile("(?s)([a-zA-Z][a-zA-Z0-9+.-]*):(.*)");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final String LITERAL = "!$&'()*+,-./:;=?@_~";
    private static final int LONGEST = 16_384;

    /**
     * Takes {@code text} apart.
     *
     * @throws FetchException of kind {@code REFUSED} for anything that is not a plain http(s) address
     */
    public static Url of(String text) throws FetchException {
        String clean = text.strip().replaceAll("[\\t\\r\\n]", "");
        if (clean.length() > LONGEST) {
            throw refused("the address has " + clean.length() + " characters, more than " + LONGEST);
        }
        var parts = SCHEME.matcher(clean);
        if (!parts.matches()) {
            throw refused("not an http address: " + shorten(clean));
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused("only http and https are fetched, not " + scheme + ":");
        }
        String rest = parts.group(2).replaceFirst("^[/\\\\]*", "");
        int end = firstOf(rest, "/?#\\");
        String authority = rest.substring(0, end);
        if (authority.indexOf('@') >= 0) {
            throw refused("an address with a user name or password is not fetched");
        }
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 || colon == authority.length() - 1
                ? (scheme.equals("https") ? 443 : 80)
                : port(authority.substring(colon + 1));
        return new Url(scheme, host(host), port, target(rest.substring(end)));
    }

    /**
     * The address that {@code reference} means on a page of this one, as in a {@code Location} header.
     *
     * @throws FetchException of kind {@code REFUSED} as {@link #of}
     */
    public Url resolve(String reference) throws FetchException {
        String clean = reference.strip();
        if (SCHEME.matcher(clean).matches()) {
            return of(clean);
        }
        if (clean.startsWith("//")) {
            return of(scheme + ":" + clean);
        }
        String path = target.split("\\?", 2)[0];
        String joined;
        if (clean.startsWith("/")) {
            joined = clean;
        } else if (clean.startsWith("?")) {
            joined = path + clean;
        } else {
            joined = path.substring(0, path.lastIndexOf('/') + 1) + clean;
        }
        return new Url(scheme, host, port, target(joined));
    }

    /** The address itself when the host is one rather than a name. */
    public Optional<InetAddress> literal() {
        boolean v4 = host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        if (!v4 && host.indexOf(':') < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(host)); // a literal: asks nobody
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(host, impossible);
        }
    }

    /** True for https. */
    public boolean secure() {
        return scheme.equals("https");
    }

    /** Host and, unless it is the scheme's own, port: the value of a {@code Host} header. */
    public String authority() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure() ? 443 : 80) ? shown : shown + ":" + port;
    }

    /** Whether {@code other} has the same scheme, host and port. */
    public boolean sameOrigin(Url other) {
        return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
    }

    /** This address with {@code name=value} added to its query, both encoded. */
    public Url with(String name, String value) {
        String pair = java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
                + "="
                + java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8);
        return new Url(scheme, host, port, target + (target.indexOf('?') < 0 ? "?" : "&") + pair);
    }

    @Override
    public String toString() {
        return scheme + "://" + authority() + target;
    }

    private static int port(String digits) throws FetchException {
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65_535) {
            throw refused("no such port: " + shorten(digits));
        }
        return port;
    }

    private static String host(String raw) throws FetchException {
        if (raw.startsWith("[") && raw.endsWith("]")) {
            String inner = raw.substring(1, raw.length() - 1);
            if (!IPV6.matcher(inner).matches()) {
                throw refused("not an IPv6 address: " + shorten(raw));
            }
            try {
                return InetAddress.getByName(inner).getHostAddress(); // a literal: asks nobody
            } catch (UnknownHostException notOne) {
                throw new FetchException(Kind.REFUSED, "not an IPv6 address: " + shorten(raw), notOne);
            }
        }
        String name;
        try {
            name = IDN.toASCII(raw).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notOne) {
            throw new FetchException(Kind.REFUSED, "not a host name: " + shorten(raw), notOne);
        }
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String[] labels = name.split("\\.", -1);
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return ipv4(labels, name);
        }
        if (name.length() > 253 || !NAME.matcher(name).matches()) {
            throw refused("not a host name: " + shorten(raw));
        }
        return name;
    }

    /** The address of up to four numbers, decimal, octal or hexadecimal, the last one filling the rest. */
    private static String ipv4(String[] labels, String name) throws FetchException {
        long address = 0;
        for (int i = 0; i < labels.length; i++) {
            boolean last = i == labels.length - 1;
            long number = number(labels[i]);
            long limit = last ? 1L << (8 * (5 - Math.min(4, labels.length))) : 256;
            if (labels.length > 4 || number < 0 || number >= limit) {
                throw refused("not an IPv4 address: " + shorten(name));
            }
            address |= last ? number : number << (8 * (3 - i));
        }
        return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    private static long number(String label) {
        if (!NUMBER.matcher(label).matches() || label.length() > 18) {
            return -1;
        }
        try {
            if (label.startsWith("0x")) {
                return label.length() == 2 ? 0 : Long.parseLong(label.substring(2), 16);
            }
            return label.length() > 1 && label.startsWith("0") ? Long.parseLong(label, 8) : Long.parseLong(label);
        } catch (NumberFormatException notOne) {
            return -1;
        }
    }

    /** Path and query with what HTTP cannot carry encoded; existing escapes stay as they are. */
    private static String target(String raw) {
        String whole = raw.substring(0, firstOf(raw, "#"));
        int query = firstOf(whole, "?");
        String path = whole.substring(0, query).replace('\\', '/');
        return (path.startsWith("/") ? "" : "/") + encode(path) + encode(whole.substring(query));
    }

    private static String encode(String text) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || c == '%' || LITERAL.indexOf(c) >= 0) {
                out.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    out.append('%').append(String.format("%02X", b));
                }
            }
        });
        return out.toString().replaceAll("%(?![0-9a-fA-F]{2})", "%25");
    }

    private static int firstOf(String text, String chars) {
        for (int i = 0; i < text.length(); i++) {
            if (chars.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String shorten(String text) {
        String one = text.replaceAll("\\p{Cntrl}", "?");
        return one.length() <= 80 ? one : one.substring(0, 77) + "...";
    }

    private static FetchException refused(String message) {
        return new FetchException(Kind.REFUSED, message);
    }
}
