package espalier.web.clean;

import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import espalier.image.Resample;
import espalier.report.DataException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures as the page gets them: decoded by the gate that training uses and written anew as JPEG, so that no byte of a
 * stranger's file comes to the browser. The last small ones are kept.
 */
final class PictureBytes {
    private static final int SMALL = 256;
    private static final int LARGE = 1024;
    private static final int QUALITY = 85;
    private static final int MOST = 1000;

    private final Map<String, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST;
        }
    };

    /** At most 256 pixels wide and high; empty when the file cannot be read. */
    Optional<byte[]> small(String key, Path file) {
        synchronized (kept) {
            byte[] before = kept.get(key);
            if (before != null) {
                return Optional.of(before);
            }
        }
        var made = jpeg(file, SMALL);
        made.ifPresent(bytes -> {
            synchronized (kept) {
                kept.put(key, bytes);
            }
        });
        return made;
    }

    /** At most 1,024 pixels wide and high; empty when the file cannot be read. */
    Optional<byte[]> large(Path file) {
        return jpeg(file, LARGE);
    }

    private static Optional<byte[]> jpeg(Path file, int side) {
        try {
            Image image = ImageReader.of().allowTruncated().shortSide(side).read(file);
            double scale = (double) side / Math.max(image.width(), image.height());
            if (scale < 1) {
                int width = Math.max(1, (int) Math.round(image.width() * scale));
                int height = Math.max(1, (int) Math.round(image.height() * scale));
                image = Resample.of(width, height).apply(image);
            }
            return Optional.of(ImageWriter.jpeg(image, QUALITY));
        } catch (DataException unreadable) {
            return Optional.empty();
        }
    }
}
