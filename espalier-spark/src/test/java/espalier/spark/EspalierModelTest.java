package espalier.spark;

import static espalier.spark.LocalSpark.cell;
import static espalier.spark.LocalSpark.floats;
import static espalier.spark.LocalSpark.inOrder;
import static espalier.spark.LocalSpark.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelDocument;
import espalier.format.ModelFileException;
import espalier.predict.Engines;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.testing.NoLeaks;
import espalier.testing.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({NoLeaks.class, LocalSpark.class})
class EspalierModelTest {
    private static final List<byte[]> PICTURES = TinyModel.pictures(40);

    @TempDir
    Path folder;

    private Path file() {
        return TinyModel.write(folder.resolve("tiny.safetensors"), 1);
    }

    private static EspalierModel stage(Path model) {
        return EspalierModel.of(model.toString()).setEngine(Engines.LIBTORCH);
    }

    private static void assertSame(Row row, Prediction expected) {
        assertThat((String) cell(row, "error")).isNull();
        assertThat((String) cell(row, "label")).isEqualTo(expected.label());
        assertThat((int) cell(row, "index")).isEqualTo(expected.index());
        assertThat((double) cell(row, "probability")).isCloseTo(expected.probability(), within(1e-5));
        assertThat(row.<String>getList(row.fieldIndex("tags"))).isEqualTo(expected.labels());
        var probabilities = floats(row, "probabilities");
        assertThat(probabilities).hasSize(expected.probabilities().length);
        for (int k = 0; k < probabilities.size(); k++) {
            assertThat(probabilities.get(k)).isCloseTo(expected.probabilities()[k], within(1e-5f));
        }
    }

    @Test
    void bytes_getTheAnswersOfAPredictor() {
        var model = file();
        var answers = inOrder(stage(model).setBatchSize(7).transform(rows(DataTypes.BinaryType, PICTURES)));
        assertThat(answers).hasSize(PICTURES.size());
        try (var predictor = Predictor.load(model, Engines.LIBTORCH)) {
            for (int i = 0; i < PICTURES.size(); i++) {
                assertSame(answers.get(i), predictor.predict(PICTURES.get(i)));
            }
            assertThat(answers).extracting(row -> cell(row, "probability")).doesNotHaveDuplicates();
        }
    }

    @Test
    void usualEngine_isOnnxRuntimeWithTheSameAnswers() {
        var model = file();
        var answers = inOrder(
                EspalierModel.of(model.toString()).transform(rows(DataTypes.BinaryType, PICTURES.subList(0, 6))));
        try (var predictor = Predictor.load(model)) {
            assertThat(predictor.engine()).startsWith("onnxruntime");
            for (int i = 0; i < answers.size(); i++) {
                assertSame(answers.get(i), predictor.predict(PICTURES.get(i)));
            }
        }
    }

    @Test
    void modelOfTags_givesTagsAboveTheirThresholds() {
        var model =
                TinyModel.write(folder.resolve("tags.safetensors"), 1, TinyModel.CLASSES, List.of(0.5, 0.5, 0.5, 0.5));
        var answers = inOrder(stage(model).transform(rows(DataTypes.BinaryType, PICTURES)));
        try (var predictor = Predictor.load(model, Engines.LIBTORCH)) {
            for (int i = 0; i < PICTURES.size(); i++) {
                assertSame(answers.get(i), predictor.predict(PICTURES.get(i)));
            }
            assertThat(answers)
                    .anyMatch(row -> row.getList(row.fieldIndex("tags")).size() != 1);
        }
    }

    @Test
    void modelOfTexts_takesStringsAsTextsAndBytesAsUtf8() {
        var texts = List.of("yes it is", "no way", "yes yes", "no no");
        var model = TinyTexts.linear(folder.resolve("texts.safetensors"));
        var strings = inOrder(EspalierModel.of(model.toString()).transform(rows(DataTypes.StringType, texts)));
        var bytes = inOrder(EspalierModel.of(model.toString())
                .transform(rows(
                        DataTypes.BinaryType,
                        texts.stream().map(String::getBytes).toList())));
        try (var predictor = Predictor.load(model)) {
            for (int i = 0; i < texts.size(); i++) {
                assertSame(strings.get(i), predictor.predictText(texts.get(i)));
                assertSame(bytes.get(i), predictor.predictText(texts.get(i)));
            }
        }
        var wrong = inOrder(EspalierModel.of(model.toString()).transform(rows(DataTypes.BinaryType, List.of(new byte[] {
            (byte) 0xff, 'a'
        }))));
        assertThat((String) cell(wrong.get(0), "error")).contains("not UTF-8");
    }

    /** X07: broken files in all partitions get the errors that a single machine gives them, and no others do. */
    @Test
    void X07_brokenFiles_areThoseOfASingleMachine() throws Exception {
        var paths = new ArrayList<>(BadFiles.write(folder, 120));
        Files.createDirectory(folder.resolve("folder.png"));
        paths.add(folder.resolve("a file: of 100 % blanks.png"));
        Files.write(paths.get(paths.size() - 1), PICTURES.get(0));
        var model = file();
        var cells = paths.stream().map(Path::toString).toList();
        var answers = inOrder(stage(model).transform(rows(DataTypes.StringType, cells)));
        var errors = new TreeMap<String, String>();
        answers.stream()
                .filter(row -> cell(row, "error") != null)
                .forEach(row -> errors.put(cell(row, "content"), cell(row, "error")));
        var expected = new TreeMap<String, String>();
        try (var predictor = Predictor.load(model, Engines.LIBTORCH)) {
            predictor
                    .predictAll(paths)
                    .forEach(answer -> answer.error()
                            .ifPresent(error -> expected.put(answer.file().toString(), error)));
        }
        assertThat(answers).hasSize(paths.size());
        assertThat(errors).isEqualTo(expected).hasSize(12);
    }

    @Test
    void cellsThatAreNoInput_getAnErrorAndNothingElse() {
        var cells = new ArrayList<String>(Arrays.asList(null, "", folder.toString(), "nothing://here", "::", "\0"));
        var answers = inOrder(stage(file()).transform(rows(DataTypes.StringType, cells)));
        assertThat(answers).hasSize(cells.size()).allSatisfy(row -> {
            assertThat((String) cell(row, "error")).isNotBlank();
            for (String column : List.of("label", "index", "probability", "probabilities", "tags", "quantities")) {
                assertThat((Object) cell(row, column)).isNull();
            }
        });
        assertThat((String) cell(answers.get(0), "error")).isEqualTo("the input is null");
    }

    /** X11: one row to blame among a thousand is the one with an error. */
    @Test
    void X11_thousandRows_comeOutOnceEach() throws Exception {
        int count = 1_000;
        var pictures = TinyModel.pictures(7);
        var bad = BadFiles.bad(pictures.get(0));
        var cells = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            boolean broken = i % BadFiles.EACH == 3;
            cells.add(broken ? bad.get(i / BadFiles.EACH % bad.size()) : pictures.get(i % pictures.size()));
        }
        cells.set(500, null);
        var answers = inOrder(stage(file()).transform(rows(DataTypes.BinaryType, cells)));
        assertThat(answers).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat((int) cell(answers.get(i), "id")).isEqualTo(i);
            boolean broken = i % BadFiles.EACH == 3 || i == 500;
            assertThat(cell(answers.get(i), "error") != null).as("row %d", i).isEqualTo(broken);
        }
    }

    /** X05: a task that died after half of its rows is computed again, and each row is written once. */
    @Test
    void X05_taskThatRunsAgain_writesEachRowOnce() {
        var target = folder.resolve("answers").toString();
        stage(file())
                .transform(rows(DataTypes.BinaryType, PICTURES))
                .drop("content")
                .map(new FailOnce(), Encoders.INT())
                .write()
                .parquet(target);
        var ids = LocalSpark.SESSION.read().parquet(target).as(Encoders.INT()).collectAsList();
        assertThat(ids)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, PICTURES.size()).boxed().toList());
    }

    /** Dies at the tenth row of each task's first attempt. */
    private static final class FailOnce implements MapFunction<Row, Integer> {
        private static final long serialVersionUID = 1;
        private int seen;

        @Override
        public Integer call(Row row) {
            if (++seen == 10 && TaskContext.get().attemptNumber() == 0) {
                throw new IllegalStateException("a machine went down");
            }
            return row.getAs("id");
        }
    }

    /** X10: what is sent with each task holds no model. */
    @Test
    void X10_tasks_areSmall() throws Exception {
        var model = ShippedModel.ship(LocalSpark.SESSION, file().toString(), Engines.LIBTORCH);
        var bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(new PredictRows(model, 1, 32));
        assertThat(bytes.size()).isLessThan(20_000);
    }

    /** X08: an executor that lacks the engine refuses at once, by name. */
    @Test
    void X08_engineThatIsMissing_failsTheJob() {
        var stage = EspalierModel.of(file().toString()).setEngine("abacus");
        var answers = stage.transform(rows(DataTypes.BinaryType, PICTURES));
        assertThatThrownBy(answers::collectAsList)
                .hasStackTraceContaining("there is no engine abacus, expected one of auto, onnxruntime, libtorch");
    }

    @Test
    void damagedModel_isRefusedBeforeTheJob() throws Exception {
        var model = file();
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length / 2] ^= 1;
        Files.write(model, bytes);
        var pictures = rows(DataTypes.BinaryType, PICTURES);
        assertThatThrownBy(() -> stage(model).transform(pictures))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("damaged");
        Files.delete(model);
        assertThatThrownBy(() -> stage(model).transform(pictures))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("tiny.safetensors");
    }

    @Test
    void modelFilesOfOneName_doNotMeet() throws Exception {
        var here = TinyModel.write(folder.resolve("model.safetensors"), 1);
        var there = TinyModel.write(Files.createDirectory(folder.resolve("b")).resolve("model.safetensors"), 2);
        var both = stage(there)
                .setPrefix("second_")
                .transform(stage(here).transform(rows(DataTypes.BinaryType, PICTURES)));
        var answers = inOrder(both);
        try (var first = Predictor.load(here, Engines.LIBTORCH);
                var second = Predictor.load(there, Engines.LIBTORCH)) {
            for (int i = 0; i < PICTURES.size(); i++) {
                assertThat((double) cell(answers.get(i), "probability"))
                        .isCloseTo(first.predict(PICTURES.get(i)).probability(), within(1e-5));
                assertThat((double) cell(answers.get(i), "second_probability"))
                        .isCloseTo(second.predict(PICTURES.get(i)).probability(), within(1e-5));
            }
        }
    }

    @Test
    void pipeline_isSavedWithItsModelFile() throws Exception {
        var model = file();
        var pictures = rows(DataTypes.BinaryType, PICTURES);
        var certain = new SQLTransformer().setStatement("SELECT *, probability > 0.5 AS certain FROM __THIS__");
        var pipeline =
                new Pipeline().setStages(new PipelineStage[] {stage(model).setPrefix(""), certain});
        var expected = inOrder(pipeline.fit(pictures).transform(pictures));
        pipeline.fit(pictures).write().save(folder.resolve("saved").toString());
        Files.delete(model);
        Files.move(folder.resolve("saved"), folder.resolve("moved"));
        var loaded = PipelineModel.load(folder.resolve("moved").toString());
        assertThat(inOrder(loaded.transform(pictures))).isEqualTo(expected);
        assertThat(loaded.stages()[0].explainParams()).contains("libtorch");
    }

    @Test
    void stage_isOverwrittenOnlyWhenAskedTo() throws Exception {
        var target = folder.resolve("stage").toString();
        var stage = stage(file()).setBatchSize(3);
        stage.save(target);
        assertThatThrownBy(() -> stage.save(target)).hasMessageContaining("overwrite");
        stage.setBatchSize(4).write().overwrite().save(target);
        assertThat(EspalierModel.load(target)
                        .getOrDefault(EspalierModel.load(target).batchSize()))
                .isEqualTo(4);
        Files.delete(folder.resolve("stage/model/tiny.safetensors"));
        assertThatThrownBy(() -> EspalierModel.load(target))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("cannot find the model file");
    }

    @Test
    void columns_mustBeThereAndOfAKnownType() {
        var pictures = rows(DataTypes.BinaryType, PICTURES);
        var stage = stage(file());
        assertThatThrownBy(() -> stage.copy(stage.extractParamMap())
                        .setInputCol("picture")
                        .transform(pictures))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no column picture among id, content. Maybe set another input column.");
        assertThatThrownBy(() ->
                        stage.copy(stage.extractParamMap()).setInputCol("id").transform(pictures))
                .hasMessageContaining("the column id is of type int");
        assertThatThrownBy(() -> stage.transform(pictures.withColumn("Label", functions.lit("dog"))))
                .hasMessageContaining("there is a column label already. Maybe set a prefix");
        assertThat(stage.setPrefix("p_").transform(pictures).columns())
                .containsExactly(
                        "id",
                        "content",
                        "p_label",
                        "p_index",
                        "p_probability",
                        "p_probabilities",
                        "p_tags",
                        "p_quantities",
                        "p_error");
        assertThatThrownBy(() -> stage.setBatchSize(0)).hasMessageContaining("batchSize");
    }

    @Test
    void partitions_stayAsTheyAreAndAnEarlyEndGivesThePredictorBack() {
        var pictures = rows(DataTypes.BinaryType, PICTURES).repartition(5);
        var answers = stage(file()).transform(pictures);
        assertThat(answers.rdd().getNumPartitions()).isEqualTo(5);
        assertThat(answers.limit(1).collectAsList()).hasSize(1);
    }

    @Test
    void quantities_areAMap() {
        var document = ModelDocument.of(
                        "image-regression", new ModelDocument.Architecture("any", Map.of()), List.of("x", "y"))
                .activation("identity");
        var answer = Answers.of(Prediction.of(document, new float[] {1.5f, -2}));
        var row = RowFactory.create(answer);
        assertThat(row.getJavaMap(5)).isEqualTo(Map.of("x", 1.5, "y", -2.0));
        assertThat(row.isNullAt(0)).isTrue();
    }
}
