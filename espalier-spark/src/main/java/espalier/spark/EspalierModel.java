package espalier.spark;

import espalier.format.ModelFileException;
import espalier.predict.Engines;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A model file as a stage of Spark's pipelines: to each row it adds what the model says about one of its columns.
 *
 * <pre>{@code
 * var pictures = spark.read().format("binaryFile").load("photos");
 * EspalierModel.of("dogs.safetensors").transform(pictures).drop("content").write().parquet("predictions");
 * }</pre>
 *
 * <p>The input column holds the bytes of files ({@code BINARY}), or as a {@code STRING} the paths of files, or for a model of
 * texts the texts. The columns that are added, after {@link #setPrefix the prefix}:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>{@code label}</td><td>STRING</td><td>the most probable class</td></tr>
 * <tr><td>{@code index}</td><td>INT</td><td>its position among the classes, from 0</td></tr>
 * <tr><td>{@code probability}</td><td>DOUBLE</td><td>its probability, 0 to 1</td></tr>
 * <tr><td>{@code probabilities}</td><td>ARRAY of FLOAT</td><td>one for each class, in the model's order</td></tr>
 * <tr><td>{@code tags}</td><td>ARRAY of STRING</td><td>the tags above their thresholds; of a single class, that one</td></tr>
 * <tr><td>{@code quantities}</td><td>MAP of STRING to DOUBLE</td><td>what a model of quantities says, by name; else null</td></tr>
 * <tr><td>{@code error}</td><td>STRING</td><td>why there is no prediction: all other columns are null then; else null</td></tr>
 * </table>
 *
 * <p>A row that cannot be predicted (null, a missing or broken file, a picture of too many pixels) gets an error and never fails
 * the job; a model that cannot be loaded fails it. Exactly one row comes out for each that goes in, in the same partitions.
 *
 * <p>The model file is sent to each executor once. The tasks of an executor share one engine, which computes with {@code
 * spark.task.cpus} threads for each of them. On a streaming {@code Dataset} it works as on any other.
 */
public final class EspalierModel extends Transformer implements DefaultParamsWritable {
    private static final int MOST_BATCH = 1024;
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<String> modelFile;
    private final Param<String> inputCol;
    private final Param<String> prefix;
    private final Param<String> engine;
    private final IntParam batchSize;

    /** For Spark, which makes stages by their names; {@link #of} is for everybody else. */
    public EspalierModel(String uid) {
        this.uid = uid;
        this.modelFile = new Param<>(this, "modelFile", "the model file: a local path, or one that Hadoop knows");
        this.inputCol = new Param<>(this, "inputCol", "the column of bytes, paths or texts");
        this.prefix = new Param<>(this, "prefix", "what the names of the added columns begin with");
        this.engine = new Param<>(this, "engine", "what computes the model, such as onnxruntime or libtorch");
        this.batchSize = new IntParam(
                this, "batchSize", "how many rows are read together", ParamValidators.inRange(1, MOST_BATCH));
        setDefault(inputCol, "content");
        setDefault(prefix, "");
        setDefault(engine, Engines.AUTO);
        setDefault(batchSize, 32);
    }

    /**
     * A stage that predicts the column {@code content}.
     *
     * @param modelFile a model file of Espalier's or an ONNX file that it wrote: a path on the driver's machine, or an address
     *     that Hadoop can open, such as {@code s3a://models/dogs.safetensors}; read when data are transformed
     */
    public static EspalierModel of(String modelFile) {
        return new EspalierModel(Identifiable$.MODULE$.randomUID("espalier")).setModelFile(modelFile);
    }

    /** Loads a stage that was saved. @throws ModelFileException when its model file is missing */
    public static EspalierModel load(String path) {
        return read().load(path);
    }

    /** Reads saved stages; Spark looks for it by this name. */
    public static MLReader<EspalierModel> read() {
        return new StageFiles.Reader();
    }

    /** Writes this stage together with its model file, so that it can be loaded wherever the folder is. */
    @Override
    public MLWriter write() {
        return new StageFiles.Writer(this, DefaultParamsWritable.super.write());
    }

    /** The parameter of {@link #setModelFile}. */
    public Param<String> modelFile() {
        return modelFile;
    }

    /** The parameter of {@link #setInputCol}. */
    public Param<String> inputCol() {
        return inputCol;
    }

    /** The parameter of {@link #setPrefix}. */
    public Param<String> prefix() {
        return prefix;
    }

    /** The parameter of {@link #setEngine}. */
    public Param<String> engine() {
        return engine;
    }

    /** The parameter of {@link #setBatchSize}. */
    public IntParam batchSize() {
        return batchSize;
    }

    /** Sets the model file; see {@link #of}. Returns this stage. */
    public EspalierModel setModelFile(String value) {
        set(modelFile, value);
        return this;
    }

    /** The model file. */
    public String getModelFile() {
        return getOrDefault(modelFile);
    }

    /** Sets the column of bytes, paths or texts, {@code content} unless told. Returns this stage. */
    public EspalierModel setInputCol(String value) {
        set(inputCol, value);
        return this;
    }

    /** Sets what the names of the added columns begin with, for data that have a {@code label} already. Returns this stage. */
    public EspalierModel setPrefix(String value) {
        set(prefix, value);
        return this;
    }

    /** Sets what computes the model: one of {@link Engines#names} on the executors. Returns this stage. */
    public EspalierModel setEngine(String value) {
        set(engine, value);
        return this;
    }

    /** Sets how many rows a task reads together, 32 unless told, at most 1024. Returns this stage. */
    public EspalierModel setBatchSize(int value) {
        set(batchSize, value);
        return this;
    }

    /**
     * Adds the columns.
     *
     * @throws ModelFileException when the model file is missing or damaged
     * @throws IllegalArgumentException when the input column is missing or holds something else, or an added column is there
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        var schema = transformSchema(dataset.schema());
        var session = dataset.sparkSession();
        var model = ShippedModel.ship(session, getModelFile(), getOrDefault(engine));
        int column = InputColumns.position(dataset.schema(), getOrDefault(inputCol));
        var rows = new PredictRows(model, column, (Integer) getOrDefault((Param<?>) batchSize));
        return dataset.toDF().mapPartitions(rows, Encoders.row(schema));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        InputColumns.position(schema, getOrDefault(inputCol));
        return Answers.addedTo(schema, getOrDefault(prefix));
    }

    @Override
    public EspalierModel copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public String uid() {
        return uid;
    }
}
