package espalier.image;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The orientation in an XMP packet, found as text: the XML itself is never parsed, so it can name no file and never grow. */
final class Xmp {
    /** What precedes a packet in a JPEG segment. */
    static final String PREFIX = "http://ns.adobe.com/xap/1.0/\0";

    private static final Pattern ORIENTATION = Pattern.compile("tiff:Orientation\\s*(?:=\\s*[\"']|>)\\s*([0-9]+)");

    private Xmp() {}

    /** The orientation 1 to 8 that the packet states, 1 when it states another number, 0 when it states none. */
    static int orientation(byte[] packet) {
        var found = ORIENTATION.matcher(new String(packet, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            return 0;
        }
        String digits = found.group(1);
        return digits.length() == 1 && digits.charAt(0) >= '1' && digits.charAt(0) <= '8' ? digits.charAt(0) - '0' : 1;
    }
}
