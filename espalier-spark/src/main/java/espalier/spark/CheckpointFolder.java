package espalier.spark;

import espalier.weights.WeightCache;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The checkpoints of a training where all executors reach them, the last two of them.
 *
 * @param folder of any file system that Hadoop knows
 * @param configuration the driver's, of Hadoop
 */
record CheckpointFolder(String folder, Broadcast<SerializableConfiguration> configuration) implements Serializable {
    private static final int KEPT = 2;
    private static final String ENDING = ".safetensors";
    private static final String MARKER = ".sha256";

    /** Work with the file system. */
    private interface Work<R> {
        R with(FileSystem system, org.apache.hadoop.fs.Path place) throws IOException;
    }

    private <R> R on(Work<R> work) {
        var place = new org.apache.hadoop.fs.Path(folder);
        try {
            return work.with(place.getFileSystem(configuration.value().value()), place);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "the checkpoints in " + folder + " cannot be read or written: " + failure.getMessage()
                            + ". Maybe give a folder that the driver and all executors reach.",
                    failure);
        }
    }

    private static List<org.apache.hadoop.fs.Path> files(FileSystem system, org.apache.hadoop.fs.Path place)
            throws IOException {
        try {
            return Arrays.stream(system.listStatus(place))
                    .map(status -> status.getPath())
                    .filter(file -> file.getName().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (FileNotFoundException none) {
            return List.of();
        }
    }

    private static org.apache.hadoop.fs.Path marker(org.apache.hadoop.fs.Path file) {
        return file.suffix(MARKER);
    }

    /**
     * Copies what is whole into a folder of this machine: each file that has a marker with its digest. Where none has a marker, one
     * process wrote them, which renames what is whole.
     */
    void fetch(Path local) {
        on((system, place) -> {
            Files.createDirectories(local);
            var all = files(system, place);
            boolean marked = false;
            for (var file : all) {
                marked |= system.exists(marker(file));
            }
            for (var file : all) {
                Path copy = local.resolve(file.getName());
                if (!marked) {
                    copy(system, file, copy);
                } else if (system.exists(marker(file))) {
                    fetch(system, file, copy);
                }
            }
            return place;
        });
    }

    private static void copy(FileSystem system, org.apache.hadoop.fs.Path file, Path copy) throws IOException {
        try (var in = system.open(file)) {
            Files.copy(in, copy);
        }
    }

    private static void fetch(FileSystem system, org.apache.hadoop.fs.Path file, Path copy) throws IOException {
        copy(system, file, copy);
        try (var mark = system.open(marker(file))) {
            if (!WeightCache.sha256(copy).equals(new String(mark.readAllBytes(), StandardCharsets.UTF_8))) {
                Files.delete(copy); // a half of it, or one whose marker is of another
            }
        }
    }

    /**
     * Adds the newest checkpoint of a folder of this machine, and removes all but the last two. Where a file is renamed by copying
     * it, as in object stores, others may see half of one: so a marker with the digest is written first, and a file counts once it has that digest.
     */
    void add(Path local) {
        on((system, place) -> {
            Path newest;
            try (var all = Files.list(local)) {
                newest = all.filter(file -> file.toString().endsWith(ENDING))
                        .max(Path::compareTo)
                        .orElseThrow(() -> new FileNotFoundException("no checkpoint was written to " + local));
            }
            var file = new org.apache.hadoop.fs.Path(place, newest.getFileName().toString());
            try (var out = system.create(marker(file), true)) {
                out.write(WeightCache.sha256(newest).getBytes(StandardCharsets.UTF_8));
            }
            try (var out = system.create(file, true)) {
                Files.copy(newest, out);
            }
            var all = files(system, place);
            for (var old : all.subList(0, Math.max(0, all.size() - KEPT))) {
                system.delete(marker(old), false);
                system.delete(old, false);
            }
            return place;
        });
    }

    /** Moves the checkpoints of an earlier run to a folder beside this one. */
    void setAside() {
        on((system, place) -> {
            var other = place.suffix(".earlier");
            for (int number = 2; system.exists(place) && system.exists(other); number++) {
                other = place.suffix(".earlier-" + number);
            }
            return !system.exists(place) || system.rename(place, other);
        });
    }

    /** Removes the folder. */
    void delete() {
        on((system, place) -> system.delete(place, true));
    }
}
