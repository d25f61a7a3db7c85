package espalier.web.clean;

import espalier.app.PictureOptions;
import espalier.app.TrainImage;
import espalier.testing.Colours;
import espalier.train.FineTune;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A small data set on the disk: red and blue pictures in two splits, two of them in wrong folders. */
record ColourSet(Path root) {
    static final String WRONG_RED = "train/red/7.jpg"; // it is blue
    static final String WRONG_BLUE = "valid/blue/3.jpg"; // it is red

    static ColourSet in(Path root) throws IOException {
        var set = new ColourSet(root);
        for (int i = 0; i < 4; i++) {
            set.put("train/red/" + i + ".jpg", Colours.jpeg("red", i));
            set.put("train/blue/" + i + ".jpg", Colours.jpeg("blue", 100 + i));
            set.put("valid/red/" + i + ".jpg", Colours.jpeg("red", 200 + i));
        }
        set.put(WRONG_RED, Colours.jpeg("blue", 300));
        set.put(WRONG_BLUE, Colours.jpeg("red", 301));
        return set;
    }

    /** A model file that was trained on it for a moment, on pictures of 32 pixels. */
    Path train(Path out) {
        TrainImage.of(root, out)
                .pictures(PictureOptions.standard().size(32))
                .schedule(FineTune.of(0))
                .run();
        return out;
    }

    void put(String file, byte[] bytes) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
    }

    boolean has(String file) {
        return Files.exists(root.resolve(file));
    }

    /** Every file of the data set, without what the cleaner keeps, with a sum of its bytes. */
    Map<String, Integer> snapshot() throws IOException {
        var files = new TreeMap<String, Integer>();
        try (var walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String id = root.relativize(file).toString();
                if (!id.startsWith(".espalier")) {
                    files.put(id, Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }
}
