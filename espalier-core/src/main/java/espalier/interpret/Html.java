package espalier.interpret;

import java.awt.Color;
import java.util.Locale;

/**
 * A page being written. Text and attribute values go through one door that escapes everything a browser or a template
 * engine could take for an instruction; {@link #raw} takes literals of this package only.
 */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /** Markup that does not hold anything from outside. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Text from anywhere, bounded in length. */
    Html text(String text) {
        escape(text, 300);
        return this;
    }

    /** An element with text inside, {@code <td>text</td>}; {@code open} may hold literal attributes. */
    Html element(String open, String text) {
        int space = open.indexOf(' ');
        return raw("<" + open + ">").text(text).raw("</" + (space < 0 ? open : open.substring(0, space)) + ">");
    }

    /** The value of an attribute, in quotes. */
    Html quoted(String value) {
        out.append('"');
        escape(value, 500);
        out.append('"');
        return this;
    }

    /** A {@code data:} address made by this package, in quotes. */
    Html uri(String data) {
        out.append('"').append(data).append('"');
        return this;
    }

    int length() {
        return out.length();
    }

    @Override
    public String toString() {
        return out.toString();
    }

    static String hex(Color colour) {
        return String.format(Locale.ROOT, "#%06x", colour.getRGB() & 0xffffff);
    }

    private void escape(String text, int max) {
        Names.shown(text, max).codePoints().forEach(point -> {
            switch (point) {
                case '<', '>', '&', '"', '\'', '`', '{', '}', '$' ->
                    out.append("&#").append(point).append(';');
                default -> out.appendCodePoint(point);
            }
        });
    }
}
