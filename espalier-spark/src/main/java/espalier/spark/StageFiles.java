package espalier.spark;

import espalier.format.ModelFileException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;

/** An {@link EspalierModel} as a folder: Spark's description of its parameters, and the model file in {@code model/}. */
final class StageFiles {
    private static final String FOLDER = "model";

    private StageFiles() {}

    /** Writes the parameters, then the model file. */
    static final class Writer extends MLWriter {
        private final EspalierModel stage;
        private final MLWriter parameters;

        Writer(EspalierModel stage, MLWriter parameters) {
            this.stage = stage;
            this.parameters = parameters;
        }

        @Override
        public void saveImpl(String path) {
            var configuration = sparkSession().sparkContext().hadoopConfiguration();
            var source = new Path(stage.getModelFile());
            var target = new Path(new Path(path, FOLDER), source.getName());
            try {
                parameters.session(sparkSession()).save(path);
                FileUtil.copy(
                        source.getFileSystem(configuration),
                        source,
                        target.getFileSystem(configuration),
                        target,
                        false,
                        configuration);
            } catch (IOException failure) {
                throw new ModelFileException(
                        "cannot save the stage with its model file " + source + " at " + path + ": "
                                + failure.getMessage() + ". Maybe the driver does not see this path.",
                        failure);
            }
        }
    }

    /** Reads what {@link Writer} wrote, wherever it is now. */
    static final class Reader extends MLReader<EspalierModel> {
        private static final class Parameters implements DefaultParamsReadable<EspalierModel> {}

        @Override
        public EspalierModel load(String path) {
            var stage = new Parameters().read().session(sparkSession()).load(path);
            var folder = new Path(path, FOLDER);
            try {
                var files = folder.getFileSystem(sparkSession().sparkContext().hadoopConfiguration())
                        .listStatus(folder);
                return Arrays.stream(files)
                        .map(file -> file.getPath().toString())
                        .filter(file -> file.endsWith(".safetensors") || file.endsWith(".onnx"))
                        .findFirst()
                        .map(stage::setModelFile)
                        .orElseThrow(() -> new IOException("there is none"));
            } catch (IOException failure) {
                throw new ModelFileException(
                        "cannot find the model file in " + folder + ": " + failure.getMessage()
                                + ". Maybe it was not copied with the rest.",
                        failure);
            }
        }
    }
}
