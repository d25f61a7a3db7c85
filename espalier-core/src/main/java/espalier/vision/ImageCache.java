package espalier.vision;

import espalier.image.Image;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decoded pictures in memory, so that each is decoded once a run and not once an epoch. When the limit is reached
 * nothing is thrown out: an epoch uses every picture once, so keeping the first ones serves as well as any rule.
 */
final class ImageCache {
    /** A picture as it was decoded for a given short side, from a file of a given size and time. */
    private record Key(Path path, int shortSide, long bytes, long modified) {}

    private final Map<Key, Image> images = new ConcurrentHashMap<>();
    private final AtomicLong used = new AtomicLong();
    private final long limit;

    ImageCache(long limit) {
        this.limit = limit;
    }

    /** A quarter of the heap. */
    static ImageCache ofHeap() {
        return new ImageCache(Runtime.getRuntime().maxMemory() / 4);
    }

    Optional<Image> get(Path path, int shortSide) {
        return key(path, shortSide).map(images::get);
    }

    void put(Path path, int shortSide, Image image) {
        long bytes = image.data().length;
        if (used.addAndGet(bytes) > limit) {
            used.addAndGet(-bytes);
            return;
        }
        key(path, shortSide).ifPresent(key -> images.put(key, image));
    }

    /** A file that changed is another picture; one that is gone is none. */
    private static Optional<Key> key(Path path, int shortSide) {
        var file = path.toFile();
        long modified = file.lastModified();
        return modified == 0 ? Optional.empty() : Optional.of(new Key(path, shortSide, file.length(), modified));
    }
}
