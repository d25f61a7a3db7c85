package espalier.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tells by the first bytes what a file is; names it also when it is nothing that can be decoded. */
final class Magic {
    private static final int TEXT_LOOK = 512;

    /** First bytes of formats that are known and not decoded, in pairs: bytes, name. */
    private static final String[] UNSUPPORTED = {
        "%PDF", "PDF",
        "\0\0\0\u000cjP  ", "JP2",
        "\u00ffO\u00ffQ", "JP2",
        "\0\0\0\u000cJXL ", "JXL",
        "\u00ff\n", "JXL",
        "8BPS", "PSD",
        "\0\0\1\0", "ICO",
        "\0\0\2\0", "CUR",
        "qoif", "QOI",
        "%!PS", "EPS",
    };

    private Magic() {}

    static ImageType type(ByteSource in) throws IOException {
        if (in.length() == 0) {
            throw new Unreadable("empty file", "Maybe a download failed: fetch the file again");
        }
        if (in.has(0, "\u00ff\u00d8\u00ff")) {
            return ImageType.JPEG;
        }
        if (in.has(0, "\u0089PNG\r\n\u001a\n")) {
            return ImageType.PNG;
        }
        if (in.has(0, "GIF87a") || in.has(0, "GIF89a")) {
            return ImageType.GIF;
        }
        if (in.has(0, "RIFF") && in.has(8, "WEBP")) {
            return ImageType.WEBP;
        }
        if (in.has(0, "BM") && in.length() >= 26 && in.u32le(14) <= 256) {
            return ImageType.BMP;
        }
        if (in.has(0, "II*\0") || in.has(0, "MM\0*") || in.has(0, "II+\0") || in.has(0, "MM\0+")) {
            return ImageType.TIFF;
        }
        if (BmpFile.headless(in)) {
            return ImageType.BMP;
        }
        throw unknown(in);
    }

    private static Unreadable unknown(ByteSource in) throws IOException {
        for (int i = 0; i < UNSUPPORTED.length; i += 2) {
            if (in.has(0, UNSUPPORTED[i])) {
                return Unreadable.unsupported(UNSUPPORTED[i + 1]);
            }
        }
        if (in.has(4, "ftyp")) {
            return Unreadable.unsupported(in.has(8, "avi") ? "AVIF" : isHeic(in) ? "HEIC" : "MP4");
        }
        return text(new String(in.prefix(TEXT_LOOK), StandardCharsets.ISO_8859_1));
    }

    private static boolean isHeic(ByteSource in) throws IOException {
        for (String brand : new String[] {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}) {
            if (in.has(8, brand)) {
                return true;
            }
        }
        return false;
    }

    /** Markup is only looked at here, never parsed: an SVG may name any file or address. */
    private static Unreadable text(String start) {
        String text =
                start.toLowerCase(Locale.ROOT).replace("\u00ef\u00bb\u00bf", "").strip();
        boolean markup = text.startsWith("<?xml") || text.startsWith("<!");
        if (text.startsWith("<svg") || (markup && text.contains("<svg"))) {
            return Unreadable.unsupported("SVG");
        }
        String kind;
        if (text.startsWith("<!doctype html") || text.startsWith("<html") || text.contains("<head")) {
            kind = "text/html";
        } else if (text.startsWith("<")) {
            kind = "text/xml";
        } else if (text.startsWith("{") || text.startsWith("[")) {
            kind = "application/json";
        } else if (start.startsWith("PK\u0003\u0004")) {
            kind = "application/zip";
        } else if (text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || Character.isWhitespace(c))) {
            kind = "text/plain";
        } else {
            kind = "unknown bytes";
        }
        return new Unreadable(
                "not an image: " + kind, "Maybe an error page or another file was saved under a picture's name");
    }
}
