package espalier.spark;

import espalier.predict.Predictor;
import espalier.report.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files by their paths, read where a task runs: local ones, and those of every file system that Hadoop knows.
 *
 * @param configuration the driver's, of Hadoop
 */
record ClusterFiles(Broadcast<SerializableConfiguration> configuration) implements Serializable {
    /** The largest file that is read whole. Local files are judged by their headers first, so that they need no such limit. */
    static final long MOST_BYTES = 256L << 20;

    /** What is done with a file of this machine, or with the bytes of another. */
    private interface Use<R> {
        R of(FileSystem system, org.apache.hadoop.fs.Path place) throws IOException;
    }

    /** Reads a file for a predictor. @throws DataException when it cannot be read */
    Predictor.Input read(Predictor predictor, String path) {
        return use(
                path,
                (system, place) -> system.getScheme().equals("file")
                        ? predictor.read(
                                Path.of(system.makeQualified(place).toUri().getPath()))
                        : predictor.read(bytes(system, place)));
    }

    /** The bytes of a file. @throws DataException when it cannot be read, or is too large */
    byte[] bytes(String path) {
        return use(path, ClusterFiles::bytes);
    }

    private <R> R use(String path, Use<R> use) {
        try {
            var place = new org.apache.hadoop.fs.Path(path);
            return use.of(place.getFileSystem(configuration.value().value()), place);
        } catch (FileNotFoundException missing) {
            throw DataException.unreadable(path, "no such file", "Maybe the name is misspelt.", missing);
        } catch (IOException failure) {
            throw DataException.unreadable(
                    path, String.valueOf(failure.getMessage()), "Maybe the executors may not read it.", failure);
        }
    }

    private static byte[] bytes(FileSystem system, org.apache.hadoop.fs.Path place) throws IOException {
        var status = system.getFileStatus(place);
        if (status.isDirectory()) {
            throw new IOException("it is a folder, not a file");
        }
        if (status.getLen() > MOST_BYTES) {
            throw new IOException(
                    (status.getLen() >> 20) + " MB, and at most " + (MOST_BYTES >> 20) + " MB are read from there");
        }
        try (var stream = system.open(place)) {
            byte[] bytes = new byte[Math.toIntExact(status.getLen())];
            stream.readFully(bytes);
            return bytes;
        }
    }
}
