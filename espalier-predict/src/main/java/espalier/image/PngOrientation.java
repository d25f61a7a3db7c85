package espalier.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The orientation that a PNG's metadata state: EXIF in its own chunk, EXIF or XMP as the hexadecimal text that
 * ImageMagick writes, or XMP as international text. Only text with one of these names is looked at, and never more
 * than a megabyte of it.
 */
final class PngOrientation {
    private static final int MOST_TEXT = 1 << 20;
    private static final int LONGEST_NAME = 80;
    private static final String RAW = "Raw profile type ";

    private int exif;
    private int xmp;

    /** The orientation 1 to 8; EXIF has the word before XMP. */
    int value() {
        return Exif.orientation(exif, xmp);
    }

    /** Takes in the chunk whose length field is at {@code at}. */
    void look(ByteSource in, long at, long length) throws IOException {
        if (in.has(at + 4, "eXIf")) {
            exif(Exif.orientation(in, at + 8, length));
        } else if (in.has(at + 4, "tEXt") || in.has(at + 4, "zTXt") || in.has(at + 4, "iTXt")) {
            text(in, at + 8, (int) Math.min(length, MOST_TEXT), in.u8(at + 4));
        }
    }

    private void text(ByteSource in, long start, int length, int kind) throws IOException {
        byte[] name = in.bytes(start, Math.min(length, LONGEST_NAME));
        int end = indexOfZero(name, 0);
        String word = new String(name, 0, end, StandardCharsets.ISO_8859_1);
        boolean raw = word.startsWith(RAW);
        if (end == name.length || !(raw || word.equals("XML:com.adobe.xmp"))) {
            return;
        }
        byte[] rest = in.bytes(start + end + 1, length - end - 1);
        byte[] text = kind == 't' ? rest : kind == 'z' ? inflated(rest, 1) : international(rest);
        if (raw) {
            profile(unhex(text));
        } else if (xmp == 0) {
            xmp = Xmp.orientation(text);
        }
    }

    private void profile(byte[] bytes) throws IOException {
        var in = ByteSource.of(bytes);
        if (in.has(0, Xmp.PREFIX) || in.has(0, "<")) {
            xmp = xmp == 0 ? Xmp.orientation(bytes) : xmp;
        } else {
            exif(Exif.orientation(in, 0, bytes.length));
        }
    }

    private void exif(int orientation) {
        exif = exif == 0 ? orientation : exif;
    }

    private static int indexOfZero(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != 0) {
            at++;
        }
        return at;
    }

    /** The text of an iTXt chunk after its name: compression flag and method, language, translated name, text. */
    private static byte[] international(byte[] rest) {
        int start = indexOfZero(rest, indexOfZero(rest, 2) + 1) + 1;
        if (start > rest.length) {
            return new byte[0];
        }
        return rest[0] == 0 ? Arrays.copyOfRange(rest, start, rest.length) : inflated(rest, start);
    }

    /** What the zlib stream at {@code from} holds, as far as it is sound and not longer than text may be. */
    private static byte[] inflated(byte[] bytes, int from) {
        var inflater = new Inflater();
        try {
            byte[] out = new byte[MOST_TEXT];
            inflater.setInput(bytes, from, Math.max(0, bytes.length - from));
            int filled = 0;
            int count;
            do {
                count = inflater.inflate(out, filled, out.length - filled);
                filled += count;
            } while (count > 0 && filled < out.length);
            return Arrays.copyOf(out, filled);
        } catch (DataFormatException junk) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }

    /** The bytes of ImageMagick's text: a line with a name, one with the length, then hexadecimal digits in lines. */
    private static byte[] unhex(byte[] text) {
        String[] lines = new String(text, StandardCharsets.ISO_8859_1).strip().split("\\s+", 3);
        if (lines.length < 3) {
            return new byte[0];
        }
        byte[] bytes = new byte[lines[2].length() / 2];
        int digits = 0;
        for (int i = 0; i < lines[2].length(); i++) {
            int digit = Character.digit(lines[2].charAt(i), 16);
            if (digit >= 0 && digits / 2 < bytes.length) {
                bytes[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
                digits++;
            }
        }
        return Arrays.copyOf(bytes, digits / 2);
    }
}
