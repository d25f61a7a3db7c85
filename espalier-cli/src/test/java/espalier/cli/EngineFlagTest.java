package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class EngineFlagTest {
    @TempDir
    Path folder;

    private String data;
    private String model;
    private String onnx;

    @BeforeEach
    void export() {
        Path pictures = PictureFiles.twoClasses(folder.resolve("data"), 4);
        data = pictures.toString();
        model = PictureFiles.untrained(pictures, folder.resolve("colours.safetensors"))
                .toString();
        onnx = folder.resolve("colours.onnx").toString();
        assertThat(Run.of("export", model, "--out", onnx).exitCode()).isZero();
    }

    private static double first(String... args) {
        var run = Run.of(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.json().get(0).get("probability").asDouble();
    }

    @Test
    void predict_givesTheSameAnswersByEveryEngine() {
        String picture = data + "/blue/1.png";
        double expected = first("predict", "--json", "--engine", "libtorch", model, picture);
        assertThat(first("predict", "--json", onnx, picture)).isCloseTo(expected, within(1e-5));
        assertThat(first("predict", "--json", "--engine", "onnxruntime", onnx, picture))
                .isCloseTo(expected, within(1e-5));
    }

    @Test
    void evaluateAndInterpret_takeAnOnnxFileAndSayWhatItCannotShow() {
        var expected = Run.of("evaluate", model, data, "--json", "--split", "all", "--engine", "libtorch");
        var actual = Run.of("evaluate", onnx, data, "--json", "--split", "all");
        assertThat(actual.exitCode()).as(actual.err()).isZero();
        assertThat(actual.json().get("loss").asDouble())
                .isCloseTo(expected.json().get("loss").asDouble(), within(1e-5));

        var list = Run.of("clean", onnx, data, "--list", "3", "--engine", "onnxruntime", "--json");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.json().get("pictures")).hasSize(3);
        assertThat(Run.of("clean", onnx, data, "--list", "3", "--engine", "libtorch")
                        .exitCode())
                .isEqualTo(65);

        Path report = folder.resolve("report");
        var run = Run.of("interpret", onnx, data, "--out", report.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("the report has no Grad-CAM: an ONNX file hides what is within the network.");
        assertThat(report.resolve("report.html")).content().contains("data:image");
    }

    @Test
    void serve_tellsTheEngineAndPrefersTheModelFileOfAFolder() throws IOException, InterruptedException {
        try (var server =
                espalier.web.predict.PredictionServer.of(Path.of(onnx)).start(0)) {
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/api/model"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            var card = JsonMapper.builder().build().readTree(answer.body());
            assertThat(card.get("engine").asString()).startsWith("onnxruntime ");
            assertThat(card.get("name").asString()).isEqualTo("colours");
        }
        try (var server = espalier.web.predict.PredictionServer.of(folder)
                .engine("libtorch")
                .start(0)) {
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/api/models"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            var models = JsonMapper.builder().build().readTree(answer.body()).get("models");
            List<String> engines = new ArrayList<>();
            models.forEach(one -> engines.add(one.get("engine").asString().split(" ")[0]));
            assertThat(engines).containsExactly("libtorch");
        }
    }

    @Test
    void unknownEngine_isAWrongUsageAndNamesTheOthers() {
        var run = Run.of("predict", "--engine", "tensorflow", model, data);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("auto, onnxruntime, libtorch");
        assertThat(Run.of("predict", "--engine", "libtorch", onnx, data).exitCode())
                .isEqualTo(65);
    }

    /** Every command that computes by libtorch; what is wrong with the device is said before any work. */
    @Test
    void device_isKnownToEveryCommandThatComputes() throws IOException {
        Path table = Files.writeString(folder.resolve("texts.csv"), "text,label\n" + "good,a\nbad,b\n".repeat(10));
        String out = folder.resolve("out").toString();
        for (String command : List.of(
                "train image " + data + " --out " + out,
                "train tags " + table + " --images " + data + " --out " + out,
                "train text " + table + " --model bag --out " + out,
                "train language-model " + table + " --out " + out,
                "lr-find image " + data + " --out " + out,
                "lr-find text " + table + " --model bag --out " + out,
                "evaluate " + model + " " + data,
                "interpret " + model + " " + data + " --out " + out,
                "predict " + model + " " + data,
                "clean " + model + " " + data + " --list 3")) {
            var run = Run.of((command + " --device cuda:99").split(" "));
            assertThat(run.exitCode()).as(command).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err()).as(command).contains("--device cuda:99 is not available here. CUDA: ");
        }
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void device_thatIsTheProcessor_isAsWithout() {
        String picture = data + "/blue/1.png";
        double expected = first("predict", "--json", "--engine", "libtorch", model, picture);
        assertThat(first("predict", "--json", "--engine", "libtorch", "--device", "cpu", model, picture))
                .isEqualTo(expected);
        assertThat(first("predict", "--json", "--device", "auto", onnx, picture))
                .isCloseTo(expected, within(1e-5));
    }

    @Test
    void doctor_namesTheEngines() {
        var engines = Run.of("doctor", "--json").json().get("engines");
        assertThat(engines.get("onnxruntime").asString()).startsWith("1.");
        assertThat(engines.has("libtorch")).isTrue();
    }
}
