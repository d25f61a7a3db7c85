package espalier.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;

import espalier.files.Sha256;
import espalier.image.ImageReader;
import espalier.report.DataException;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Pictures looked at by the cluster before anything is trained on them: which cannot be read, and which are the same.
 *
 * <pre>{@code
 * var looks = SparkVerify.look(spark.read().text("listing.txt").toDF("path"), "path").cache();
 * looks.where("error IS NOT NULL").show();
 * SparkVerify.duplicates(looks).show();
 * }</pre>
 *
 * <p>Each is decoded in full. Pictures that only look alike, and what takes labels, {@link espalier.collect.Verify} finds on one
 * machine.
 */
public final class SparkVerify {
    private static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType)
            .add("bytes", DataTypes.LongType)
            .add("sha256", DataTypes.StringType)
            .add("format", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType)
            .add("error", DataTypes.StringType);

    private SparkVerify() {}

    /**
     * A row for each path, with the path, the file's {@code bytes}, {@code sha256}, {@code format}, {@code width} and {@code height} as
     * stored, and {@code error}, why it cannot be used, else null. Computed when it is used.
     *
     * @param column of paths, of any file system that Hadoop knows
     * @throws IllegalArgumentException when there is no such column
     */
    public static Dataset<Row> look(Dataset<Row> paths, String column) {
        InputColumns.position(paths.schema(), column);
        var files = new ClusterFiles(
                SerializableConfiguration.broadcast(paths.sparkSession().sparkContext()));
        return paths.select(column).mapPartitions(new Look(files), Encoders.row(SCHEMA));
    }

    /** The readable pictures of equal bytes: {@code sha256}, {@code count}, and their {@code paths} in order. */
    public static Dataset<Row> duplicates(Dataset<Row> looks) {
        return looks.where(col("error").isNull())
                .groupBy("sha256")
                .agg(
                        count("*").as("count"),
                        expr("sort_array(collect_list(path))").as("paths"))
                .where("count > 1")
                .orderBy("paths");
    }

    /** Looks at the files of a partition, one at a time. */
    private static final class Look implements MapPartitionsFunction<Row, Row> {
        private static final long serialVersionUID = 1;

        private final ClusterFiles files;

        Look(ClusterFiles files) {
            this.files = files;
        }

        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            var reader = ImageReader.of();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public Row next() {
                    return look(reader, rows.next().getString(0));
                }
            };
        }

        private Row look(ImageReader reader, String path) {
            @Nullable Long size = null;
            @Nullable String digest = null;
            try {
                byte[] bytes = files.bytes(path);
                size = (long) bytes.length;
                digest = new Sha256().add(bytes).hex();
                var header = reader.decode(bytes).header();
                return RowFactory.create(
                        path, size, digest, header.type().label(), header.width(), header.height(), null);
            } catch (DataException unreadable) {
                return RowFactory.create(path, size, digest, null, null, null, unreadable.reason());
            } catch (RuntimeException odd) { // whatever a file does to a decoder is that row's own affair
                return RowFactory.create(path, size, digest, null, null, null, odd.toString());
            }
        }
    }
}
