package espalier.collect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a file is, told from its first bytes; neither its name nor what a server says is believed. */
public enum FileType {
    JPEG("image/jpeg", "jpg", Use.PICTURE),
    PNG("image/png", "png", Use.PICTURE),
    GIF("image/gif", "gif", Use.PICTURE),
    WEBP("image/webp", "webp", Use.PICTURE),
    BMP("image/bmp", "bmp", Use.PICTURE),
    TIFF("image/tiff", "tif", Use.PICTURE),
    AVIF("image/avif", "avif", Use.OTHER),
    HEIC("image/heic", "heic", Use.OTHER),
    JPEG_XL("image/jxl", "jxl", Use.OTHER),
    JPEG_2000("image/jp2", "jp2", Use.OTHER),
    ICO("image/x-icon", "ico", Use.OTHER),
    SVG("image/svg+xml", "svg", Use.OTHER),
    PDF("application/pdf", "pdf", Use.OTHER),
    HTML("text/html", "html", Use.OTHER),
    XML("text/xml", "xml", Use.OTHER),
    JSON("application/json", "json", Use.OTHER),
    ZIP("application/zip", "zip", Use.ARCHIVE),
    SEVEN_ZIP("application/x-7z-compressed", "7z", Use.ARCHIVE),
    TAR("application/x-tar", "tar", Use.ARCHIVE),
    GZIP("application/gzip", "gz", Use.ARCHIVE),
    BZIP2("application/x-bzip2", "bz2", Use.ARCHIVE),
    XZ("application/x-xz", "xz", Use.ARCHIVE),
    RAR("application/vnd.rar", "rar", Use.OTHER),
    TEXT("text/plain", "txt", Use.OTHER),
    UNKNOWN("application/octet-stream", "bin", Use.OTHER);

    private enum Use {
        PICTURE,
        ARCHIVE,
        OTHER
    }

    /** How many first bytes {@link #of(byte[])} looks at. */
    public static final int HEAD = 1024;

    private final String mime;
    private final String extension;
    private final Use use;

    FileType(String mime, String extension, Use use) {
        this.mime = mime;
        this.extension = extension;
        this.use = use;
    }

    /** The media type, such as {@code "image/jpeg"}. */
    public String mime() {
        return mime;
    }

    /** What people call it, such as {@code "a web page (text/html)"}; for messages. */
    String words() {
        return switch (this) {
            case HTML -> "a web page (" + mime + ")";
            case JSON, XML, TEXT -> "a text (" + mime + ")";
            case UNKNOWN -> "something unknown";
            default -> "a file of type " + mime;
        };
    }

    /** The usual extension without a dot. */
    public String extension() {
        return extension;
    }

    /** Whether this is a picture that Espalier decodes. */
    public boolean isPicture() {
        return use == Use.PICTURE;
    }

    /** Whether this is an archive or packed file that {@link Archives} opens. */
    public boolean isArchive() {
        return use == Use.ARCHIVE;
    }

    /** Whether a file name's extension fits this type; {@code name} may be in any case. */
    public boolean fits(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (this) {
            case JPEG -> List.of(".jpg", ".jpeg", ".jpe", ".jfif").stream().anyMatch(lower::endsWith);
            case TIFF -> lower.endsWith(".tif") || lower.endsWith(".tiff");
            case GZIP -> lower.endsWith(".gz") || lower.endsWith(".tgz");
            default -> lower.endsWith("." + extension);
        };
    }

    /** The type of the file at {@code path}. */
    public static FileType of(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return of(in.readNBytes(HEAD));
        }
    }

    /** The type of a file that starts with {@code head}, up to {@link #HEAD} bytes of it. */
    public static FileType of(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        FileType picture = picture(text);
        if (picture != UNKNOWN) {
            return picture;
        }
        FileType archive = archive(text);
        return archive != UNKNOWN ? archive : text(text);
    }

    private static FileType picture(String text) {
        if (text.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        } else if (text.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        } else if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) {
            return GIF;
        } else if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) {
            return WEBP;
        } else if (text.startsWith("BM") && text.length() > 14 && text.startsWith("\0\0\0\0", 6)) {
            return BMP;
        } else if (text.startsWith("II*\0") || text.startsWith("MM\0*")) {
            return TIFF;
        } else if (text.startsWith("ftyp", 4)) {
            return text.startsWith("avi", 8) ? AVIF : HEIC;
        } else if (text.startsWith("\u00ff\n") || text.startsWith("JXL ", 4)) {
            return JPEG_XL;
        } else if (text.startsWith("jP  ", 4)) {
            return JPEG_2000;
        }
        return text.startsWith("\0\0\u0001\0") ? ICO : UNKNOWN;
    }

    private static FileType archive(String text) {
        if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) {
            return ZIP;
        } else if (text.startsWith("7z\u00bc\u00af'\u001c")) {
            return SEVEN_ZIP;
        } else if (text.startsWith("\u001f\u008b")) {
            return GZIP;
        } else if (text.startsWith("BZh") && text.length() > 4 && text.startsWith("1AY&SY", 4)) {
            return BZIP2;
        } else if (text.startsWith("\u00fd7zXZ\0")) {
            return XZ;
        } else if (text.startsWith("Rar!\u001a\u0007")) {
            return RAR;
        } else if (text.startsWith("ustar", 257)) {
            return TAR;
        }
        return text.startsWith("%PDF-") ? PDF : UNKNOWN;
    }

    private static FileType text(String text) {
        String start =
                text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        if (start.startsWith("<svg") || (start.startsWith("<?xml") && start.contains("<svg"))) {
            return SVG;
        } else if (start.startsWith("<!doctype html")
                || start.startsWith("<html")
                || start.startsWith("<head")
                || start.startsWith("<body")
                || (start.startsWith("<") && start.contains("<html"))) {
            return HTML;
        } else if (start.startsWith("<?xml")) {
            return XML;
        } else if (start.startsWith("{") || start.startsWith("[")) {
            return JSON;
        }
        boolean printable = text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\r' || c == '\t');
        return printable && !text.isEmpty() ? TEXT : UNKNOWN;
    }
}
