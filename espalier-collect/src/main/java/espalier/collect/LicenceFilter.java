package espalier.collect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which licences a found picture may have.
 *
 * @param kind what is allowed
 * @param codes for {@link Kind#CODES}, Creative Commons codes such as {@code "by-sa"}, {@code "cc0"}, {@code "pdm"}
 */
public record LicenceFilter(Kind kind, List<String> codes) {
    /** What a filter allows. */
    public enum Kind {
        /** Anything, also pictures whose licence nobody states. */
        ANY,
        /** Licences that allow commercial use. */
        COMMERCIAL,
        /** Licences that allow changed copies. */
        MODIFICATION,
        /** Public domain only. */
        PUBLIC_DOMAIN,
        /** Certain codes only. */
        CODES
    }

    /** Every licence. */
    public static final LicenceFilter ANY = new LicenceFilter(Kind.ANY, List.of());

    private static final List<String> KNOWN =
            List.of("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd", "cc0", "pdm");
    private static final Pattern CODE = Pattern.compile("\\bby(?:[- ]nc)?(?:[- ](?:nd|sa))?\\b");

    public LicenceFilter {
        codes = List.copyOf(codes);
    }

    /**
     * The filter that {@code text} names: {@code any}, {@code commercial}, {@code modification},
     * {@code public}, or codes with commas such as {@code by,by-sa,cc0}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static LicenceFilter of(String text) {
        String clean = text.strip().toLowerCase(Locale.ROOT);
        switch (clean) {
            case "", "any" -> {
                return ANY;
            }
            case "commercial" -> {
                return new LicenceFilter(Kind.COMMERCIAL, List.of());
            }
            case "modification" -> {
                return new LicenceFilter(Kind.MODIFICATION, List.of());
            }
            case "public" -> {
                return new LicenceFilter(Kind.PUBLIC_DOMAIN, List.of());
            }
            default -> {
                var codes = Arrays.stream(clean.split("\\s*,\\s*")).toList();
                if (!KNOWN.containsAll(codes)) {
                    throw new IllegalArgumentException("Expected any, commercial, modification, public or codes of "
                            + String.join(", ", KNOWN) + ", got " + text + ". Maybe leave out \"cc-\" and versions.");
                }
                return new LicenceFilter(Kind.CODES, codes);
            }
        }
    }

    /** Whether a picture under the licence called {@code name} ({@code "CC BY-SA 4.0"}) may be used. */
    public boolean accepts(String name) {
        if (kind == Kind.ANY) {
            return true;
        }
        String code = code(name);
        boolean free = code.equals("cc0") || code.equals("pdm");
        return switch (kind) {
            case COMMERCIAL -> !code.isEmpty() && !code.contains("nc");
            case MODIFICATION -> !code.isEmpty() && !code.contains("nd");
            case PUBLIC_DOMAIN -> free;
            default -> codes.contains(code);
        };
    }

    /** The code in a licence's name; empty when it is not one of ours. */
    static String code(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("cc0") || lower.contains("cc-zero")) {
            return "cc0";
        }
        if (lower.matches("(pd|pdm)\\b.*|.*(public domain|no known copyright|no restrictions|us government).*")) {
            return "pdm";
        }
        Matcher code = CODE.matcher(lower);
        return code.find() ? code.group().replace(' ', '-') : "";
    }

    @Override
    public String toString() {
        return kind == Kind.CODES ? String.join(",", codes) : kind.name().toLowerCase(Locale.ROOT);
    }
}
