package espalier.spark;

import espalier.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pictures of which one in ten is missing, empty, cut off, no picture, or of a billion pixels. */
final class BadFiles {
    /** One of so many cannot be read. */
    static final int EACH = 10;

    /** Missing, and what {@link #bad} gives. */
    static final int KINDS = 5;

    private BadFiles() {}

    /** Writes so many files, but for the missing ones; their paths, in order. */
    static List<Path> write(Path folder, int count) throws IOException {
        var good = TinyModel.pictures(7);
        var bad = bad(good.get(0));
        var paths = new ArrayList<Path>();
        for (int i = 0; i < count; i++) {
            Path file = folder.resolve("%06d.png".formatted(i));
            if (i % EACH != EACH - 1) {
                Files.write(file, good.get(i % good.size()));
            } else if (i / EACH % (bad.size() + 1) < bad.size()) {
                Files.write(file, bad.get(i / EACH % (bad.size() + 1)));
            }
            paths.add(file);
        }
        return paths;
    }

    /** Files that cannot be read. */
    static List<byte[]> bad(byte[] png) {
        byte[] huge = png.clone(); // 40,000 x 40,000 by its header
        for (int at : new int[] {18, 22}) {
            huge[at] = (byte) (40_000 >> 8);
            huge[at + 1] = (byte) 40_000;
        }
        return List.of(new byte[0], Arrays.copyOf(png, png.length / 2), "no picture".getBytes(), huge);
    }
}
