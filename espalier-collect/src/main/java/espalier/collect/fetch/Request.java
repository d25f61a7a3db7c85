package espalier.collect.fetch;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server: a GET of an address, or a POST of a form. Secrets (keys, tokens) are told
 * apart from the rest: they go to the first server only, never to where it redirects, and never into a
 * message.
 *
 * @param url the address without its secret parameters
 * @param headers plain headers, sent to every server on the way
 * @param secretHeaders headers for the first origin only
 * @param secretParameters query parameters for the first origin only
 * @param form the fields of a POST; empty for a GET
 */
public record Request(
        Url url,
        Map<String, String> headers,
        Map<String, String> secretHeaders,
        Map<String, String> secretParameters,
        Optional<Map<String, String>> form) {

    public Request {
        headers = checked(headers);
        secretHeaders = checked(secretHeaders);
        secretParameters = Map.copyOf(secretParameters);
    }

    /** A GET of {@code url}. */
    public static Request of(Url url) {
        return new Request(url, Map.of(), Map.of(), Map.of(), Optional.empty());
    }

    /**
     * A GET of {@code url}.
     *
     * @throws FetchException when it is not a plain http(s) address
     */
    public static Request of(String url) throws FetchException {
        return of(Url.of(url));
    }

    /** This request with a header more. */
    public Request header(String name, String value) {
        return new Request(url, plus(headers, name, value), secretHeaders, secretParameters, form);
    }

    /** This request with a query parameter more, encoded. */
    public Request parameter(String name, String value) {
        return new Request(url.with(name, value), headers, secretHeaders, secretParameters, form);
    }

    /** This request with a header for the first origin only. */
    public Request secretHeader(String name, String value) {
        return new Request(url, headers, plus(secretHeaders, name, value), secretParameters, form);
    }

    /** This request with a query parameter that no message repeats. */
    public Request secretParameter(String name, String value) {
        return new Request(url, headers, secretHeaders, plus(secretParameters, name, value), form);
    }

    /** This request as a POST of {@code fields}; their values count as secrets. */
    public Request post(Map<String, String> fields) {
        return new Request(url, headers, secretHeaders, secretParameters, Optional.of(Map.copyOf(fields)));
    }

    /** The address as it is sent, secrets included. */
    Url sent() {
        Url full = url;
        for (var parameter : secretParameters.entrySet()) {
            full = full.with(parameter.getKey(), parameter.getValue());
        }
        return full;
    }

    /** The encoded form, empty for a GET. */
    byte[] body() {
        var pairs = new ArrayList<String>();
        form.orElse(Map.of())
                .forEach((name, value) -> pairs.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return String.join("&", pairs).getBytes(StandardCharsets.UTF_8);
    }

    /** {@code text} with every secret replaced by {@code ***}. */
    public String redact(String text) {
        String clean = text;
        for (String secret : secrets()) {
            if (!secret.isEmpty()) {
                clean = clean.replace(secret, "***").replace(URLEncoder.encode(secret, StandardCharsets.UTF_8), "***");
            }
        }
        return clean;
    }

    private List<String> secrets() {
        var all = new ArrayList<>(secretHeaders.values());
        all.addAll(secretParameters.values());
        form.ifPresent(fields -> all.addAll(fields.values()));
        secretHeaders.values().forEach(value -> {
            int space = value.indexOf(' '); // "Bearer KEY", "Client-ID KEY"
            if (space > 0) {
                all.add(value.substring(space + 1));
            }
        });
        return all;
    }

    /** The request without its secrets. */
    @Override
    public String toString() {
        return (form.isPresent() ? "POST " : "GET ") + redact(url.toString());
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        var more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }

    private static Map<String, String> checked(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9-]+") || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException("The header " + name.replaceAll("[^A-Za-z0-9-]", "?")
                        + " holds a character that HTTP cannot carry. Maybe a line break came with a copied key.");
            }
        });
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
}
