package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void makeModel() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        model = PictureFiles.untrained(data, folder.resolve("colours.safetensors"));
    }

    @Test
    void export_writesBesideTheModelAndTellsWhatTheFileTakes() throws IOException {
        var run = Run.of("export", model.toString(), "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        Path out = folder.resolve("colours.onnx");
        var json = run.json();
        assertThat(json.get("out").asString()).isEqualTo(out.toString());
        assertThat(json.get("input").toString())
                .isEqualTo("{\"name\":\"pictures\",\"type\":\"uint8\",\"shape\":[\"N\",32,32,3]}");
        assertThat(json.get("output").toString())
                .isEqualTo("{\"name\":\"probabilities\",\"type\":\"float32\",\"shape\":[\"N\",2]}");
        assertThat(json.get("bytes").asLong()).isEqualTo(Files.size(out));
        assertThat(json.get("largest_difference").asDouble()).isLessThan(1e-4);
        assertThat(json.get("opset").asLong())
                .isEqualTo(OnnxMl.ModelProto.parseFrom(Files.readAllBytes(out))
                        .getOpsetImport(0)
                        .getVersion());
    }

    @Test
    void inputOfFloats_isWrittenSo() throws IOException {
        Path out = folder.resolve("floats.onnx");

        var run = Run.of("export", model.toString(), "--format", "onnx", "--input", "float", "--out", out.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("wrote " + out).contains("float32 [N, 3, 32, 32]", "to 2 outputs");
        var port =
                OnnxMl.ModelProto.parseFrom(Files.readAllBytes(out)).getGraph().getInput(0);
        assertThat(port.getType().getTensorType().getElemType()).isEqualTo(OnnxMl.TensorProto.DataType.FLOAT_VALUE);
    }

    @Test
    void networkForTexts_predictsAndIsJudgedByItsFile() throws IOException {
        Path table = folder.resolve("texts.csv");
        String rows = IntStream.range(0, 60)
                .mapToObj(i -> "number %d is %s".formatted(i, i % 2 == 0 ? "fine,good" : "awful,bad"))
                .collect(Collectors.joining("\n"));
        Files.writeString(table, "text,label\n" + rows);
        String model = folder.resolve("texts.safetensors").toString();
        String train = "train text " + table + " --model gru --embedding 8 --hidden 6 --epochs 2 --out " + model;
        assertThat(Run.of(train.split(" ")).exitCode()).isZero();

        var run = Run.of("export", model, "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("input").toString())
                .isEqualTo("{\"name\":\"tokens\",\"type\":\"int64\",\"shape\":[\"N\",\"T\"]}");
        String onnx = folder.resolve("texts.onnx").toString();
        assertThat(Run.of("predict", onnx, "--text", "a good day", "--text", "").out())
                .isEqualTo(Run.of("predict", model, "--text", "a good day", "--text", "")
                        .out());
        var judged = Run.of("evaluate", onnx, table.toString(), "--json").json();
        var expected = Run.of("evaluate", model, table.toString(), "--json").json();
        assertThat(judged.get("n").asInt()).isEqualTo(expected.get("n").asInt()).isPositive();
        assertThat(judged.get("loss").asDouble()).isCloseTo(expected.get("loss").asDouble(), within(1e-5));
        assertThat(Run.of("export", model, "--input", "float").err()).contains("takes texts as the indices of tokens");
    }

    @Test
    void int8_tellsWhatItCostsAndIsMeasuredBesideFloat32() {
        String data = folder.resolve("data").toString();
        Path out = folder.resolve("int8.onnx");

        var run = Run.of(
                "export",
                "" + model,
                "--precision",
                "int8",
                "--calibrate",
                data,
                "--out",
                "" + out,
                "--max-loss",
                "100");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("accuracy float32", "accuracy int8", "points lost", "\nwrote " + out);
        assertThat(out).isRegularFile();

        var json = Run.of(
                        "export", "" + model, "--precision", "int8", "--calibrate", data, "--max-loss", "100", "--json")
                .json();
        assertThat(json.get("precision").asString()).isEqualTo("int8");
        assertThat(json.get("int8").get("judged_by").asInt()).isEqualTo(8);
        assertThat(json.get("int8").get("layers").asInt()).isGreaterThan(40);
        double lost = 100
                * (json.get("int8").get("float32").asDouble()
                        - json.get("int8").get("int8").asDouble());
        assertThat(json.get("int8").get("loss_points").asDouble()).isEqualTo(lost);

        var bench = Run.of(
                "bench",
                "" + model,
                data,
                "--precision",
                "float32,int8",
                "--engine",
                "onnxruntime",
                "--batch",
                "8",
                "--seconds",
                "0.02",
                "--json");
        assertThat(bench.exitCode()).as(bench.err()).isZero();
        assertThat(bench.json().findValuesAsString("precision")).containsExactly("float32", "float32", "int8", "int8");
    }

    @Test
    void optionsOfInt8_needEachOther() {
        assertThat(Run.of("export", "" + model, "--precision", "int8").err()).contains("Maybe add --calibrate DIR.");
        assertThat(Run.of("export", "" + model, "--max-loss", "1").err()).contains("Maybe add --precision int8.");
        assertThat(Run.of("bench", "" + model, "--precision", "int8").err()).contains("Maybe name a folder.");
        assertThat(Run.of("export", "" + model, "--precision", "int8", "--calibrate", "" + folder.resolve("none"))
                        .exitCode())
                .isEqualTo(66);
    }

    @Test
    void failures_haveTheirExitCodesAndWriteNothing() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.safetensors"), "no model");
        String out = folder.resolve("new.onnx").toString();

        assertThat(Run.of("export", folder.resolve("none").toString()).exitCode())
                .isEqualTo(66);
        assertThat(Run.of("export", bad.toString(), "--out", out).exitCode()).isEqualTo(65);
        assertThat(Run.of("export", model.toString(), "--format", "tflite").exitCode())
                .isEqualTo(2);
        assertThat(Run.of("export", model.toString(), "--out", model.toString()).exitCode())
                .isEqualTo(73);
        assertThat(Run.of("export", model.toString(), "--out", folder.toString())
                        .exitCode())
                .isEqualTo(73);
        assertThat(Path.of(out)).doesNotExist();
    }
}
