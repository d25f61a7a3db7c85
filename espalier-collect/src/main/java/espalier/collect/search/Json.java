package espalier.collect.search;

import espalier.report.DataException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads answers that may lack any field. */
final class Json {
    private static final Pattern ENTITY =
            Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}[0-9]{0,2});");
    /** HTML's names of the characters from U+00A0 to U+00FF, in their order. */
    private static final String LATIN =
            "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr"
                    + " deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest"
                    + " Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml"
                    + " ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig"
                    + " agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml"
                    + " eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

    private static final Map<String, String> NAMED = named();

    private Json() {}

    /** The text at {@code path} (names with dots between); empty when it is missing, null or no plain value. */
    static String text(JsonNode node, String path) {
        JsonNode found = node;
        for (String name : path.split("\\.")) {
            found = found.path(name);
        }
        return found.isValueNode() && !found.isNull() ? found.asString("") : "";
    }

    /**
     * The list at {@code path} of a provider's answer.
     *
     * @throws DataException when there is none, so that the answer is not what the provider's documentation says
     */
    static JsonNode list(String provider, JsonNode answer, String path) {
        JsonNode found = answer;
        for (String name : path.split("\\.")) {
            found = found.path(name);
        }
        if (!found.isArray()) {
            throw new DataException("The provider " + provider + " answers without the list \"" + path
                    + "\" that its documentation promises. Maybe it has changed, or another service is at --endpoint;"
                    + " try another --provider.");
        }
        return found;
    }

    /** What a server said, without the full stop that it may end with. */
    static String clause(String said) {
        return said.strip().replaceFirst("[.]+$", "");
    }

    /** {@code html} without its tags, with numbered entities and the named ones of western languages as characters. */
    static String plain(String html) {
        return ENTITY.matcher(html.replaceAll("<[^>]*>", ""))
                .replaceAll(entity -> Matcher.quoteReplacement(character(entity.group(1), entity.group())))
                .replaceAll("[\\s\u00a0]+", " ")
                .strip();
    }

    private static String character(String name, String entity) {
        if (!name.startsWith("#")) {
            return NAMED.getOrDefault(name, entity);
        }
        boolean hexadecimal = name.startsWith("x", 1) || name.startsWith("X", 1);
        int code = Integer.parseInt(name.substring(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
        return Character.isValidCodePoint(code) && code > 0 ? Character.toString(code) : entity;
    }

    private static Map<String, String> named() {
        var named = new HashMap<>(Map.of("lt", "<", "gt", ">", "quot", "\"", "apos", "'", "amp", "&"));
        named.putAll(Map.of("ndash", "\u2013", "mdash", "\u2014", "lsquo", "\u2018", "rsquo", "\u2019"));
        named.putAll(Map.of("ldquo", "\u201c", "rdquo", "\u201d", "bull", "\u2022", "hellip", "\u2026"));
        named.putAll(Map.of("Scaron", "\u0160", "scaron", "\u0161", "OElig", "\u0152", "oelig", "\u0153"));
        String[] names = LATIN.split(" ");
        for (int i = 0; i < names.length; i++) {
            named.put(names[i], Character.toString(0xa0 + i));
        }
        return Map.copyOf(named);
    }
}
