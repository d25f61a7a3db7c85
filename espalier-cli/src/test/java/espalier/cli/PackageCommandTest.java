package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.app.PackageModel;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PackageCommandTest {
    @TempDir
    Path folder;

    private Path data;
    private Path model;
    private Path application;

    @BeforeEach
    void makeModel() throws IOException {
        data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        model = PictureFiles.untrained(data, folder.resolve("My Dogs.safetensors"));
        application = folder.resolve("application");
        Files.createDirectories(application.resolve("lib"));
        Path script = application.resolve("bin/espalier");
        Files.createDirectories(script.getParent());
        Files.copy(Path.of("src/main/app/bin/espalier"), script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void folder_holdsApplicationModelAndHowToRunIt() throws IOException {
        Files.writeString(application.resolve("lib/espalier-cli.jar"), "a jar");
        Path out = folder.resolve("a/server");
        var run = Run.of(
                "package",
                model.toString(),
                "--out",
                out.toString(),
                "--application",
                application.toString(),
                "--port",
                "9090",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("files").asInt()).isEqualTo(7);
        assertThat(out.resolve("bin/espalier")).isExecutable();
        assertThat(out.resolve("lib/espalier-cli.jar")).hasContent("a jar");
        assertThat(out.resolve("models/my-dogs.safetensors")).hasSameBinaryContentAs(model);
        assertThat(out.resolve("Dockerfile"))
                .content()
                .contains("COPY models", "USER espalier", "/health/live", "ESPALIER_TOKEN");
        assertThat(out.resolve("my-dogs.service"))
                .content()
                .contains("serve /opt/my-dogs/models --port 9090", "DynamicUser=yes");
        assertThat(out.resolve("README.md")).content().contains("efficientnet-lite0, 2 classes", "--port 9090");
        for (String name : new String[] {"Dockerfile", "my-dogs.service", "README.md"}) {
            assertThat(out.resolve(name)).content().doesNotContainPattern("@[A-Z0-9]+@");
        }
    }

    @Test
    void failures_haveTheirExitCodes() throws IOException {
        String out = folder.resolve("server").toString();
        String made = application.toString();
        assertThat(Run.of("package", folder.resolve("none").toString(), "--out", out, "--application", made)
                        .exitCode())
                .isEqualTo(66);
        assertThat(Run.of("package", data.toString(), "--out", out, "--application", made)
                        .exitCode())
                .isEqualTo(66);
        assertThat(Run.of("package", model.toString(), "--out", out, "--application", data.toString())
                        .exitCode())
                .isEqualTo(2);
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        var run = Run.of("package", model.toString(), "--out", file.resolve("x").toString(), "--application", made);
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("cannot write", "Maybe");
        run = Run.of("package", model.toString(), "--out", out, "--application", made, "--port", "99999");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--port is 99999, expected 1 to 65535. Maybe");
        assertThat(folder.resolve("server")).doesNotExist();
    }

    @Test
    void package_replacesAnEarlierOneAsAWhole() throws IOException {
        Path out = folder.resolve("server");
        Files.writeString(application.resolve("lib/espalier-1.jar"), "old");
        assertThat(packaged(model, out).exitCode()).isZero();
        Files.writeString(out.resolve("models/mine.safetensors"), "a model of the user's");
        Files.writeString(out.resolve("notes.txt"), "notes");
        Files.delete(application.resolve("lib/espalier-1.jar"));
        Files.writeString(application.resolve("lib/espalier-2.jar"), "new");
        Path other = Files.copy(model, folder.resolve("cats.safetensors"));
        var run = packaged(other, out);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(files(out))
                .containsExactlyInAnyOrder(
                        ".dockerignore",
                        ".espalier-package/files.json",
                        "Dockerfile",
                        "README.md",
                        "bin/espalier",
                        "cats.service",
                        "lib/espalier-2.jar",
                        "models/cats.safetensors",
                        "models/mine.safetensors",
                        "notes.txt");
    }

    @Test
    void package_leavesAFolderOfOthersAlone() throws IOException {
        Path out = Files.createDirectories(folder.resolve("server"));
        Files.writeString(out.resolve("README.md"), "mine");
        var run = packaged(model, out);
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("other files", "Maybe choose an empty folder.");
        assertThat(files(out)).containsExactly("README.md");
        assertThat(out.resolve("README.md")).hasContent("mine");
    }

    @Test
    void package_namesFilesThatWereEditedOrAdded() throws IOException {
        Path out = folder.resolve("server");
        Files.writeString(application.resolve("lib/old.jar"), "old");
        assertThat(packaged(model, out).exitCode()).isZero();
        Files.writeString(out.resolve("README.md"), "mine");
        Files.writeString(out.resolve("lib/new.jar"), "mine too");
        Files.writeString(application.resolve("lib/new.jar"), "the application's");
        var run = packaged(model, out);
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("README.md, lib/new.jar").contains("Maybe move them away first");
        assertThat(out.resolve("README.md")).hasContent("mine");
        assertThat(out.resolve("lib/new.jar")).hasContent("mine too");
        Files.delete(out.resolve("README.md"));
        Files.delete(out.resolve("lib/new.jar"));
        assertThat(packaged(model, out).exitCode()).isZero();
        assertThat(out.resolve("README.md")).content().contains("my-dogs");
    }

    @Test
    void package_interrupted_leavesTheEarlierOneWholeAndCanBeDoneAgain() throws IOException {
        Path out = folder.resolve("a/server");
        var broken = new PackageModel(model, application, out, 8080);
        assertThatThrownBy(() -> broken.run(PackageCommandTest::fail)).hasMessage("stop");
        assertThat(folder.resolve("a")).as("no empty folder stays").doesNotExist();
        assertThat(packaged(model, out).exitCode()).isZero();
        var before = files(out);
        Files.writeString(application.resolve("lib/more.jar"), "more");
        assertThatThrownBy(() -> broken.run(PackageCommandTest::fail)).hasMessage("stop");
        assertThat(files(out)).isEqualTo(before);
        // As after a kill: some staged, some moved, the list of both.
        Files.createDirectories(out.resolve(".espalier-package/new/lib"));
        Files.writeString(out.resolve(".espalier-package/new/lib/torn.jar"), "to");
        assertThat(packaged(model, out).exitCode()).isZero();
        assertThat(files(out)).contains("lib/more.jar").noneMatch(name -> name.contains("torn"));
    }

    private static void fail(Path file) {
        if (file.startsWith("models")) {
            throw new IllegalStateException("stop");
        }
    }

    private Run packaged(Path file, Path out) {
        return Run.of("package", file.toString(), "--out", out.toString(), "--application", application.toString());
    }

    private static List<String> files(Path out) throws IOException {
        try (var inside = Files.walk(out)) {
            return inside.filter(Files::isRegularFile)
                    .map(file -> out.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void platform_isCheckedBeforeAnythingIsWritten() throws IOException {
        Path out = folder.resolve("server");
        String[] start = {"package", model.toString(), "--out", out.toString(), "--application", application.toString()
        };
        var run = Run.of(with(start, "--platform", "solaris"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--platform is solaris, expected one of linux-x64, linux-arm64");

        Files.writeString(application.resolve("lib/opencv-4.13.0-1.5.13-linux-x86_64.jar"), "natives");
        System.setProperty("maven.repo.local", folder.resolve("repository").toString());
        try {
            run = Run.of(with(start, "--platform", "linux-arm64"));
        } finally {
            System.clearProperty("maven.repo.local");
        }
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("the natives for linux-arm64 are not on this machine")
                .contains("-Dartifact=org.bytedeco:opencv:4.13.0-1.5.13:jar:linux-arm64");
        assertThat(out).doesNotExist();
    }

    /** Natives of another platform are found in the local Maven repository, and only what is loaded of them is kept. */
    @Test
    void platform_takesItsNativesAndNoOthers() throws IOException {
        Path lib = application.resolve("lib");
        zip(lib.resolve("opencv-4-1-linux-x86_64.jar"), "org/bytedeco/opencv/linux-x86_64/libopencv_core.so");
        zip(lib.resolve("pytorch-2-1-linux-x86_64.jar"), "org/bytedeco/pytorch/linux-x86_64/libtorch.so");
        zip(lib.resolve("espalier-cli.jar"), "espalier/cli/Main.class");
        zip(
                lib.resolve("onnxruntime-1.28.0.jar"),
                "ai/onnxruntime/OrtSession.class",
                "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
                "ai/onnxruntime/native/linux-aarch64/libonnxruntime.so");
        Path arm = folder.resolve("repository/org/bytedeco/opencv/4-1/opencv-4-1-linux-arm64.jar");
        Files.createDirectories(arm.getParent());
        zip(
                arm,
                "META-INF/MANIFEST.MF",
                "org/bytedeco/opencv/linux-arm64/libopencv_core.so.413",
                "org/bytedeco/opencv/linux-arm64/libjniopencv_imgcodecs.so",
                "org/bytedeco/opencv/linux-arm64/libopencv_dnn.so.413",
                "org/bytedeco/opencv/linux-arm64/share/opencv4/cascade.xml");
        Path out = folder.resolve("server");
        System.setProperty("maven.repo.local", folder.resolve("repository").toString());
        try {
            var run = Run.of(
                    "package",
                    model.toString(),
                    "--out",
                    out.toString(),
                    "--application",
                    application.toString(),
                    "--platform",
                    "linux-arm64");
            assertThat(run.exitCode()).as(run.err()).isZero();
        } finally {
            System.clearProperty("maven.repo.local");
        }
        assertThat(files(out))
                .contains("models/my-dogs.onnx", "lib/espalier-cli.jar")
                .contains("lib/opencv-4-1-linux-arm64.jar")
                .noneMatch(file -> file.contains("pytorch") || file.contains("x86_64"));
        assertThat(entries(out.resolve("lib/opencv-4-1-linux-arm64.jar")))
                .containsExactly(
                        "META-INF/MANIFEST.MF",
                        "org/bytedeco/opencv/linux-arm64/libopencv_core.so.413",
                        "org/bytedeco/opencv/linux-arm64/libjniopencv_imgcodecs.so");
        assertThat(entries(out.resolve("lib/onnxruntime-1.28.0.jar")))
                .containsExactly(
                        "ai/onnxruntime/OrtSession.class", "ai/onnxruntime/native/linux-aarch64/libonnxruntime.so");
        assertThat(out.resolve("README.md")).content().contains("linux-arm64, without libtorch");
    }

    /** What the line does on a cluster is tested where Spark is. */
    @Test
    void spark_makesOneJarAndSaysHowToSubmitIt() throws IOException {
        Path out = folder.resolve("to the cluster");
        assertThat(submitLine(model.toString(), out))
                .startsWith("spark-submit --master MASTER --class espalier.spark.PredictPictures ")
                .endsWith(" '" + out.resolve("my-dogs-spark.jar") + "' '" + out.resolve("my-dogs.onnx")
                        + "' PICTURES PREDICTIONS");
        assertThat(files(out))
                .containsExactly(".espalier-package/files.json", "README.md", "my-dogs-spark.jar", "my-dogs.onnx");
        assertThat(entries(out.resolve("my-dogs-spark.jar")))
                .containsExactlyInAnyOrder(
                        "META-INF/MANIFEST.MF",
                        "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
                        "espalier/app/TrainImage.class",
                        "espalier/spark/PredictPictures.class");
    }

    @Test
    void spark_takesTextsOfATable() throws IOException {
        Path out = folder.resolve("cluster");
        assertThat(submitLine(trainedOnTexts("linear"), out))
                .startsWith("spark-submit --master MASTER --class espalier.spark.PredictTexts ")
                .endsWith("/texts.safetensors ROWS COLUMN PREDICTIONS");
        assertThat(files(out)).contains("README.md", "texts-spark.jar", "texts.safetensors");
        assertThat(submitLine(trainedOnTexts("bag"), out)).endsWith("/texts.onnx ROWS COLUMN PREDICTIONS");
        assertThat(files(out)).contains("README.md", "texts-spark.jar", "texts.onnx");
    }

    /** Packages a model, and what is told to submit. */
    private String submitLine(String model, Path out) throws IOException {
        Path lib = application.resolve("lib");
        zip(lib.resolve("espalier-app-7.jar"), "espalier/app/TrainImage.class");
        zip(lib.resolve("espalier-web-7.jar"), "espalier/web/WebServer.class");
        zip(lib.resolve("onnxruntime-1.28.0.jar"), "ai/onnxruntime/native/linux-x64/libonnxruntime.so");
        Path part = folder.resolve("repository/dev/espalier/espalier-spark/7/espalier-spark-7.jar");
        Files.createDirectories(part.getParent());
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "espalier-app-7.jar onnxruntime-1.28.0.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(part), manifest)) {
            jar.putNextEntry(new JarEntry("espalier/spark/PredictPictures.class"));
        }
        System.setProperty("maven.repo.local", folder.resolve("repository").toString());
        try {
            String[] start = {"package", model, "--out", out.toString(), "--application", application.toString()};
            var run = Run.of(with(start, "--spark", "--json"));
            assertThat(run.exitCode()).as(run.err()).isZero();
            return run.json().get("submit").asString();
        } finally {
            System.clearProperty("maven.repo.local");
        }
    }

    private String trainedOnTexts(String kind) throws IOException {
        Path table = folder.resolve("texts.csv");
        Files.writeString(table, "text,label\n" + "fine day,good\nawful day,bad\n".repeat(20));
        String texts = folder.resolve("texts.safetensors").toString();
        String network = kind.equals("linear") ? "" : " --model " + kind + " --embedding 4 --epochs 1";
        String train = "train text " + table + network + " --out " + texts;
        assertThat(Run.of(train.split(" ")).exitCode()).isZero();
        return texts;
    }

    @Test
    void networkForTexts_goesToAPlatformAsOnnx() throws IOException {
        String texts = trainedOnTexts("bag");
        zip(
                application.resolve("lib/onnxruntime-1.28.0.jar"),
                "ai/onnxruntime/OrtSession.class",
                "ai/onnxruntime/native/linux-x64/libonnxruntime.so");
        Path out = folder.resolve("server");
        String[] start = {"package", texts, "--out", out.toString(), "--application", application.toString()};

        var run = Run.of(with(start, "--platform", "linux-x64"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(files(out)).contains("models/texts.onnx");
        assertThat(Run.of("predict", out.resolve("models/texts.onnx").toString(), "--text", "fine day")
                        .exitCode())
                .isZero();
    }

    private static String[] with(String[] start, String... more) {
        return Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray(String[]::new);
    }

    private static void zip(Path jar, String... entries) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
                out.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static List<String> entries(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream().map(JarEntry::getName).toList();
        }
    }

    /** The real application, put together from the class path of this test, serves from the written folder. */
    @ParameterizedTest
    @ValueSource(strings = {"", "linux-x64"})
    @Tag("slow")
    void folder_servesItsModel(String platform) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int number = 0;
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path) && !path.endsWith("test-classes")) {
                jar(path, application.resolve("lib/espalier-" + number++ + ".jar"));
            } else if (Files.isRegularFile(path)) {
                Files.createSymbolicLink(application.resolve("lib").resolve(path.getFileName()), path);
            }
        }
        Path out = folder.resolve("server");
        String[] start = {"package", model.toString(), "--out", out.toString(), "--application", application.toString()
        };
        var run = Run.of(platform.isEmpty() ? start : with(start, "--platform", platform));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(files(out).stream().anyMatch(file -> file.contains("pytorch")))
                .isEqualTo(platform.isEmpty());
        try (var links = Files.list(application.resolve("lib"))) {
            for (Path link : links.toList()) {
                Files.delete(link);
            }
        }
        var server = new ProcessBuilder("bin/espalier", "serve", "models", "--port", "0", "--json")
                .directory(out.toFile())
                .redirectError(folder.resolve("log").toFile())
                .start();
        try (BufferedReader told = server.inputReader(StandardCharsets.UTF_8)) {
            String line = told.readLine();
            assertThat(line).as(Files.readString(folder.resolve("log"))).isNotNull();
            var url = new JsonMapper().readTree(line).get("url").asString();
            Path picture = data.resolve("red/1.png");
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url + "/api/predict"))
                                    .header("Content-Type", "image/png")
                                    .POST(HttpRequest.BodyPublishers.ofFile(picture))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var expected = Run.of("predict", "--json", model.toString(), picture.toString())
                    .json()
                    .get(0);
            var json = new JsonMapper().readTree(answer.body());
            assertThat(json.get("label").asString())
                    .isEqualTo(expected.get("label").asString());
            assertThat(json.get("probability").asDouble())
                    .isCloseTo(expected.get("probability").asDouble(), org.assertj.core.api.Assertions.within(1e-5));
        } finally {
            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS))
                    .as("ends on the signal TERM")
                    .isTrue();
        }
        assertThat(server.exitValue()).isZero();
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }
}
