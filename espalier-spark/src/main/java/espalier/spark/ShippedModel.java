package espalier.spark;

import espalier.files.AtomicFiles;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.predict.Predictor;
import espalier.weights.WeightCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A model file on its way to the executors: Spark fetches it once for each, when its first task asks for it.
 *
 * @param key the digest of the file: equal for equal files
 * @param ending of the file's name, by which its kind is known
 * @param engine what computes it
 * @param bytes the file in pieces, since one array ends at 2 GB
 * @param files how the executors read files
 */
record ShippedModel(String key, String ending, String engine, Broadcast<byte[][]> bytes, ClusterFiles files)
        implements Serializable {
    private static final int PIECE = 64 << 20;
    private static final String ONNX = ".onnx";

    /** Sends a model file. @throws ModelFileException when it is missing or damaged */
    static ShippedModel ship(SparkSession session, String modelFile, String engine) {
        var context = JavaSparkContext.fromSparkContext(session.sparkContext());
        var source = new org.apache.hadoop.fs.Path(modelFile);
        String ending = source.getName().endsWith(ONNX) ? ONNX : ".safetensors";
        try {
            Path copy = copied(source, context.hadoopConfiguration(), ending);
            try (var stream = Files.newInputStream(copy)) {
                if (!ending.equals(ONNX)) {
                    ModelFile.load(copy); // it is found damaged here, not on a hundred executors
                }
                return new ShippedModel(
                        WeightCache.sha256(copy),
                        ending,
                        engine,
                        context.broadcast(pieces(stream)),
                        new ClusterFiles(SerializableConfiguration.broadcast(session.sparkContext())));
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException failure) {
            throw new ModelFileException(
                    "cannot read the model file " + source + ": " + failure.getMessage()
                            + ". Maybe the driver does not see this path: give one that Hadoop knows.",
                    failure);
        }
    }

    private static Path copied(org.apache.hadoop.fs.Path source, Configuration configuration, String ending)
            throws IOException {
        try (var stream = source.getFileSystem(configuration).open(source)) {
            Path copy = Files.createTempFile("espalier", ending);
            Files.copy(stream, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        }
    }

    private static byte[][] pieces(InputStream stream) throws IOException {
        List<byte[]> pieces = new ArrayList<>();
        for (byte[] piece = stream.readNBytes(PIECE); piece.length > 0; piece = stream.readNBytes(PIECE)) {
            pieces.add(piece);
        }
        return pieces.toArray(byte[][]::new);
    }

    /** Borrows the predictor that this executor's tasks share; loads it for the first. */
    SharedPredictors.Borrowed borrow(int threads) {
        return SharedPredictors.borrow(key + " " + engine, threads, this::load);
    }

    private Predictor load() {
        try {
            Path file = Files.createTempFile("espalier", ending);
            try {
                AtomicFiles.write(file, stream -> {
                    for (byte[] piece : bytes.value()) {
                        stream.write(piece);
                    }
                });
                return Predictor.load(file, engine);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }
}
