package espalier.collect.fetch;

import espalier.collect.fetch.FetchException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Status and headers of an answer, names in lower case. */
record Head(int status, Map<String, List<String>> headers) {
    private static final int MOST_BYTES = 65_536;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");

    /** Reads one head, skipping 1xx ones. */
    static Head read(InputStream in) throws IOException {
        var budget = new int[] {MOST_BYTES};
        while (true) {
            Head head = readOne(in, budget);
            if (head.status >= 200) {
                return head;
            }
        }
    }

    String first(String name, String otherwise) {
        var values = headers.get(name);
        return values == null ? otherwise : values.get(0);
    }

    private static Head readOne(InputStream in, int[] budget) throws IOException {
        var status = STATUS.matcher(line(in, budget));
        if (!status.matches()) {
            throw new FetchException(Kind.PROTOCOL, "the answer is not HTTP/1.1");
        }
        var headers = new LinkedHashMap<String, List<String>>();
        for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new FetchException(Kind.PROTOCOL, "the answer has a broken header");
            }
            headers.computeIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), k -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(status.group(1)), headers);
    }

    /** A line without its end; {@code budget[0]} counts down so that no head grows without bound. */
    static String line(InputStream in, int[] budget) throws IOException {
        var line = new java.io.ByteArrayOutputStream(80);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new FetchException(Kind.BROKEN, "the connection ended before the answer began");
            }
            if (--budget[0] < 0) {
                throw new FetchException(Kind.PROTOCOL, "the answer's head holds more than " + MOST_BYTES + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
