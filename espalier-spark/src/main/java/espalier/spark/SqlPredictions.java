package espalier.spark;

import espalier.predict.Engines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Predictions in SQL.
 *
 * <pre>{@code
 * SqlPredictions.register(spark, Map.of("dogs", "dogs.safetensors"));
 * spark.sql("SELECT path, espalier_predict('dogs', content).label FROM binaryFile.`photos`");
 * }</pre>
 */
public final class SqlPredictions {
    /** The name of the function. */
    public static final String NAME = "espalier_predict";

    private SqlPredictions() {}

    /**
     * Makes {@code espalier_predict(model, content)} known to a session; a second call replaces what the first one registered.
     *
     * <p>{@code content} is what the input column of an {@link EspalierModel} holds; the result is a struct with the fields of its
     * columns. The function sees one row at a time: for much data an {@link EspalierModel}, which sees batches, is faster. It is
     * registered as non-deterministic, so that Spark computes it once a row, however many of the fields are used.
     *
     * @param models the model files by the names that queries call them; see {@link EspalierModel#of}
     * @throws espalier.format.ModelFileException when one is missing or damaged
     */
    public static void register(SparkSession session, Map<String, String> models) {
        var shipped = new HashMap<String, ShippedModel>();
        models.forEach((name, file) -> shipped.put(name, ShippedModel.ship(session, file, Engines.AUTO)));
        var function = functions.udf(new PredictCell(shipped), Answers.SCHEMA).asNondeterministic();
        session.udf().register(NAME, function);
    }

    /** The function. */
    private static final class PredictCell implements UDF2<@Nullable String, @Nullable Object, Row> {
        private static final long serialVersionUID = 1;

        private final Map<String, ShippedModel> models;

        PredictCell(Map<String, ShippedModel> models) {
            this.models = Map.copyOf(models);
        }

        @Override
        public Row call(@Nullable String name, @Nullable Object content) {
            var model = name == null ? null : models.get(name);
            if (model == null) {
                throw new IllegalArgumentException("there is no model " + name + ", expected one of "
                        + new TreeMap<>(models).keySet() + ". Maybe it was not registered.");
            }
            var task = TaskContext.get();
            try (var predictor = model.borrow(task == null ? 1 : task.cpus())) {
                var cells = new Cells(predictor.predictor(), model.files());
                var one = new ArrayList<@Nullable Object>();
                one.add(content);
                return RowFactory.create(cells.predict(one).get(0));
            }
        }
    }
}
