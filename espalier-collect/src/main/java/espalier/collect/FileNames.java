package espalier.collect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** File names made from what strangers call their files: good on every system, one path part, no surprises. */
public final class FileNames {
    private static final int LONGEST = 120;
    private static final Set<String> RESERVED = Set.of("con", "prn", "aux", "nul", "clock$");

    private FileNames() {}

    /** The name that the address {@code url} suggests, such as {@code "planet.zip"}. */
    public static String fromUrl(String url) {
        String path = url.replaceFirst("[?#].*", "").replaceFirst("^[a-zA-Z]+://[^/]*", "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        try {
            last = URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException asItIs) {
            // a stray percent sign is a character like others
        }
        return safe(last);
    }

    /** {@code name} without separators, control characters, reserved words, or more than 120 characters. */
    public static String safe(String name) {
        String clean = Normalizer.normalize(name, Normalizer.Form.NFC)
                .replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}/\\\\:*?\"<>|]", "_")
                .replaceAll("^[. ]+|[. ]+$", "");
        if (clean.length() > LONGEST) {
            int dot = clean.lastIndexOf('.');
            String ending = dot > 0 && clean.length() - dot <= 12 ? clean.substring(dot) : "";
            clean = clean.substring(0, LONGEST - ending.length()) + ending;
        }
        String stem = clean.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT);
        if (RESERVED.contains(stem) || stem.matches("(com|lpt)[0-9]")) {
            clean = "_" + clean;
        }
        return clean.isEmpty() ? "download" : clean;
    }

    /** A name for each of {@code urls}; no two differ only by case. */
    public static List<String> distinct(List<String> urls) {
        var taken = new HashSet<String>();
        return urls.stream().map(url -> distinct(fromUrl(url), taken)).toList();
    }

    /** {@code name}, or it with a number, so that no two in {@code taken} differ only by case; adds it there. */
    static String distinct(String name, Set<String> taken) {
        String free = name;
        for (int i = 2; !taken.add(free.toLowerCase(Locale.ROOT)); i++) {
            int dot = name.lastIndexOf('.');
            free = dot > 0 ? name.substring(0, dot) + "-" + i + name.substring(dot) : name + "-" + i;
        }
        return free;
    }
}
