package espalier.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a file was when somebody looked at it: enough to notice that it is another one now, without reading it. A
 * move keeps a file's stamp.
 *
 * @param size bytes
 * @param modified when it was last written, nanoseconds since 1970, as fine as the file system knows it
 * @param key what the file system calls the file, such as its device and inode; empty where there is no such thing
 */
public record Stamp(long size, long modified, String key) {
    /** The stamp of what lies at {@code path}, links not followed; empty when nothing does. */
    public static Optional<Stamp> of(Path path) {
        try {
            var found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Object key = found.fileKey();
            long modified = found.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            return Optional.of(new Stamp(found.size(), modified, key == null ? "" : key.toString()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** As one short text, that {@link #isText} knows again. */
    public String text() {
        return size + "/" + modified + "/" + key;
    }

    /** Whether {@code text} is this stamp's. */
    public boolean isText(String text) {
        return text().equals(text);
    }
}
