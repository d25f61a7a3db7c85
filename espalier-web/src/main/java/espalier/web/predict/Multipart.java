package espalier.web.predict;

import espalier.web.WebException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A body of {@code multipart/form-data} (RFC 7578), taken apart in memory. Strict: an end is required, nothing nests, and
 * everything has a limit. Names of files are texts for the answer, never paths.
 */
final class Multipart {
    /** How many fields may come beside the files. */
    private static final int MOST_FIELDS = 16;

    private static final int MOST_BOUNDARY = 70;
    private static final int MOST_HEAD = 8 << 10;
    private static final Pattern BOUNDARY = Pattern.compile(
            "(?i)multipart/form-data\\s*(?:;[^\"]*?)?;\\s*boundary=(?:\"([^\"]{1,200})\"|([^\\s;\"]{1,200}))\\s*(?:;.*)?");
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([a-zA-Z*]{1,20})=(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s;\"]*+))");

    private final byte[] body;
    private final byte[] separator;
    private final int mostFiles;
    private final List<Part> parts = new ArrayList<>();

    /**
     * One field.
     *
     * @param name of the field
     * @param file the name of the file as the sender calls it; empty for a field that is no file
     * @param bytes its content
     */
    record Part(String name, Optional<String> file, byte[] bytes) {}

    private Multipart(byte[] body, String boundary, int mostFiles) {
        this.body = body;
        this.separator = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        this.mostFiles = mostFiles;
    }

    /**
     * Takes a body apart.
     *
     * @param type the whole {@code Content-Type}
     * @param mostFiles of the parts; fields that are no files may be some more
     * @throws WebException 400 when it breaks a rule, 413 when there are more files or fields
     */
    static List<Part> parse(byte[] body, String type, int mostFiles) {
        var found = BOUNDARY.matcher(type.length() <= 500 ? type : "");
        if (!found.matches()) {
            throw bad("it has no usable boundary");
        }
        String boundary = Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2));
        if (boundary.length() > MOST_BOUNDARY || !boundary.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw bad("its boundary is longer than " + MOST_BOUNDARY + " characters, or has strange ones");
        }
        var multipart = new Multipart(body, boundary, mostFiles);
        multipart.run();
        return multipart.parts;
    }

    private void run() {
        // The first separator has no line end before it when the body begins with it.
        int at = startsWith(0, 2) ? separator.length - 2 : find(0) + separator.length;
        while (true) {
            if (at + 2 <= body.length && body[at] == '-' && body[at + 1] == '-') {
                return;
            }
            if (at + 2 > body.length || body[at] != '\r' || body[at + 1] != '\n') {
                throw bad("a boundary is not followed by a line end");
            }
            at = part(at + 2);
            checkCount();
        }
    }

    private void checkCount() {
        long files = parts.stream().filter(part -> part.file().isPresent()).count();
        if (files > mostFiles) {
            throw new WebException(413, "too_many", "The body has more than " + mostFiles + " files.");
        }
        if (parts.size() - files > MOST_FIELDS) {
            throw new WebException(
                    413, "too_many", "The body has more than " + MOST_FIELDS + " fields that are no files.");
        }
    }

    /** Reads the part whose head begins here; gives the place after the separator that ends it. */
    private int part(int start) {
        int head = start;
        while (true) {
            int end = lineEnd(head, start);
            if (end == head) {
                break;
            }
            head = end + 2;
        }
        String lines = new String(body, start, Math.max(0, head - start), StandardCharsets.UTF_8);
        int from = head + 2;
        int to = find(head); // from the blank line's own end on: a part may be empty
        parts.add(described(lines, from <= to ? Arrays.copyOfRange(body, from, to) : new byte[0]));
        return to + separator.length;
    }

    private int lineEnd(int from, int start) {
        for (int i = from; i + 1 < body.length && i - start <= MOST_HEAD; i++) {
            if (body[i] == '\r' && body[i + 1] == '\n') {
                return i;
            }
        }
        throw bad("the head of a part has no end, or is longer than " + MOST_HEAD + " bytes");
    }

    private static Part described(String head, byte[] bytes) {
        Optional<String> disposition = Optional.empty();
        for (String line : head.split("\r\n")) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-disposition:")) {
                if (disposition.isPresent()) {
                    throw bad("a part says twice what it is");
                }
                disposition = Optional.of(
                        line.substring("content-disposition:".length()).strip());
            } else if (lower.startsWith("content-type:") && lower.contains("multipart/")) {
                throw bad("its parts have parts");
            }
        }
        String said = disposition.orElseThrow(() -> bad("a part has no Content-Disposition"));
        if (!said.toLowerCase(Locale.ROOT).startsWith("form-data")) {
            throw bad("a part is no form-data");
        }
        String name = parameter(said, "name").orElseThrow(() -> bad("a part has no name"));
        return new Part(name, parameter(said, "filename").or(() -> parameter(said, "filename*")), bytes);
    }

    private static Optional<String> parameter(String disposition, String name) {
        var matcher = PARAMETER.matcher(disposition);
        while (matcher.find()) {
            if (matcher.group(1).equalsIgnoreCase(name)) {
                String text = Optional.ofNullable(matcher.group(2)).orElseGet(() -> matcher.group(3));
                return Optional.of(name.endsWith("*") ? extended(text) : text.replaceAll("\\\\(.)", "$1"));
            }
        }
        return Optional.empty();
    }

    /** {@code UTF-8''na%C3%AFve.jpg}, as RFC 5987 writes names beyond ASCII. */
    private static String extended(String text) {
        int quote = text.lastIndexOf('\'');
        try {
            return java.net.URLDecoder.decode(text.substring(quote + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw bad("the name of a file is not written as RFC 5987 says");
        }
    }

    /** Where the next separator begins. */
    private int find(int from) {
        for (int i = from; i <= body.length - separator.length; i++) {
            if (body[i] == '\r' && startsWith(i, 0)) {
                return i;
            }
        }
        throw bad("its end is missing");
    }

    /** Whether the separator, without its first {@code skip} bytes, is here. */
    private boolean startsWith(int at, int skip) {
        int length = separator.length - skip;
        return at + length <= body.length && Arrays.equals(body, at, at + length, separator, skip, separator.length);
    }

    private static WebException bad(String what) {
        return new WebException(400, "bad_multipart", "The multipart body cannot be read: " + what + ".");
    }
}
