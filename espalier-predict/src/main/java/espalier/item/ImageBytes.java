package espalier.item;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a file is an image, told from its first bytes, whatever it is called. */
public final class ImageBytes {
    private static final int HEAD = 16;

    private ImageBytes() {}

    /** Whether the file starts as a JPEG, PNG, GIF, WebP, BMP or TIFF does; false when it cannot be read. */
    public static boolean isImage(Path file) {
        try (var in = Files.newInputStream(file)) {
            return isImage(new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return false; // not named like an image, and not to be seen: none of ours
        }
    }

    private static boolean isImage(String head) {
        return head.startsWith("\u00ff\u00d8\u00ff")
                || head.startsWith("\u0089PNG\r\n\u001a\n")
                || head.startsWith("GIF87a")
                || head.startsWith("GIF89a")
                || (head.startsWith("RIFF") && head.startsWith("WEBP", 8))
                || (head.startsWith("BM") && head.startsWith("\0\0\0\0", 6))
                || head.startsWith("II*\0")
                || head.startsWith("MM\0*");
    }
}
