package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.app.PackageSpark;
import espalier.app.Platform;
import espalier.onnx.OnnxExport;
import espalier.predict.Engines;
import espalier.testing.TinyModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code espalier package --spark} writes predicts on a cluster, by the line that it prints. */
@Tag("slow")
class PackageSparkTest {
    private static final int ROWS = 100;
    private static final int MINUTES = 5;

    @TempDir
    Path folder;

    private Path application;
    private Path onnx;

    @BeforeEach
    void writeModel() throws Exception {
        application = folder.resolve("application");
        Files.createDirectories(application.resolve("lib"));
        System.setProperty("maven.repo.local", folder.resolve("repository").toString());
        onnx = folder.resolve("dogs.onnx");
        OnnxExport.of(TinyModel.write(folder.resolve("dogs.safetensors"), 1), onnx)
                .run();
    }

    @AfterEach
    void forgetRepository() {
        System.clearProperty("maven.repo.local");
    }

    @Test
    void linePredictsAsAPredictorDoes() throws Exception {
        var paths = BadFiles.write(Files.createDirectory(folder.resolve("pictures")), ROWS);
        var out = folder.resolve("out");
        try (var cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")))) {
            assemble(cluster.jars());
            var job = new PackageSpark(onnx, application, folder.resolve("package"), Platform.LINUX_X64);
            assertThat(job.run(file -> {}))
                    .containsExactly(Path.of("README.md"), Path.of("dogs-spark.jar"), Path.of("dogs.onnx"));
            assertThat(folder.resolve("package/README.md"))
                    .content()
                    .contains(String.join(" ", job.submit(Path.of(""))))
                    .doesNotContainPattern("@[A-Z0-9]+@");
            assertHoldsWhatIsNeeded(folder.resolve("package/dogs-spark.jar"));
            Files.move(application, folder.resolve("away"));

            submit(cluster, job, Map.of("PICTURES", folder.resolve("pictures") + "/*.png"), out);
        }
        var readable = new ArrayList<Path>();
        for (Path path : paths) {
            if (Files.exists(path) && Files.size(path) > 0) {
                readable.add(path); // the others the source binaryFile leaves out
            }
        }
        assertThat(readable).hasSizeBetween(ROWS - ROWS / BadFiles.EACH, ROWS - 1);
        StandaloneClusterTest.assertSame(
                readable,
                onnx,
                Engines.AUTO,
                LocalSpark.SESSION.read().parquet(out.toString()).collectAsList());
    }

    /** A linear model goes in as it is, a network exported; both without libtorch. */
    @Test
    void textsOfATable_arePredictedAsAPredictorDoes() throws Exception {
        Path table = TinyTexts.table(folder.resolve("rows.csv"), ROWS, ',');
        var models = List.of(
                TinyTexts.linear(folder.resolve("linear.safetensors")),
                TinyTexts.network(folder.resolve("network.onnx")));
        try (var cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")))) {
            assemble(cluster.jars());
            for (Path model : models) {
                String name = String.valueOf(model.getFileName());
                Path out = folder.resolve("out-" + name);
                var job = new PackageSpark(model, application, folder.resolve("package-" + name), Platform.LINUX_X64);
                assertThat(job.run(file -> {})).contains(Path.of("README.md"), Path.of(name));
                assertThat(job.out().resolve("README.md"))
                        .content()
                        .contains("Predicts texts", "- `ROWS`", String.join(" ", job.submit(Path.of(""))))
                        .doesNotContainPattern("@[A-Z0-9]+@");
                submit(cluster, job, Map.of("ROWS", table.toString(), "COLUMN", "text"), out);
                PredictTextsTest.assertSame(
                        LocalSpark.SESSION.read().parquet(out.toString()).collectAsList(), ROWS, model);
            }
        }
    }

    /** Runs the line that a package tells, with {@code words} for its words in capitals. */
    private static void submit(StandaloneCluster cluster, PackageSpark job, Map<String, String> words, Path out)
            throws Exception {
        Map<String, String> all = new HashMap<>(words);
        all.put("MASTER", cluster.master());
        all.put("PREDICTIONS", out.toString());
        var line = job.submit(job.out()).stream()
                .map(word -> all.getOrDefault(word, word))
                .toList();
        assertThat(line.get(0)).isEqualTo("spark-submit");
        var driver = cluster.submitLine(
                "driver",
                Stream.concat(
                                Stream.of(
                                        "--conf",
                                        "spark.driver.host=127.0.0.1",
                                        "--conf",
                                        "spark.executor.memory=512m",
                                        "--conf",
                                        "spark.ui.enabled=false"),
                                line.stream().skip(1))
                        .toList());
        assertThat(driver.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(driver.exitValue())
                .as(Files.readString(cluster.log("driver")))
                .isZero();
    }

    /** An application folder of Espalier's jars, one that Spark's part does not need, and Spark's part in a repository. */
    private void assemble(List<Path> jars) throws Exception {
        Path lib = application.resolve("lib");
        var needed = new ArrayList<String>();
        String version = "9-test";
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            if (name.startsWith("espalier-app-")) {
                version = name.replaceAll("^espalier-app-|\\.jar$", "");
            }
            Files.createSymbolicLink(lib.resolve(name), jar);
            needed.add(name);
        }
        if (version.equals("9-test")) { // its classes are in a jar of another name
            jar(lib.resolve("espalier-app-9-test.jar"), "", "empty");
        }
        jar(lib.resolve("web-1.jar"), "", "web.txt");
        jar(lib.resolve("commons-codec-1.jar"), "", "old.txt");
        needed.add("commons-codec-2.jar"); // as Spark has it
        jar(lib.resolve("protobuf-java-1.jar"), "", "shaded.txt");
        needed.add("protobuf-java-2.jar"); // as Spark was built with it
        Path spark = folder.resolve("repository/dev/espalier/espalier-spark/" + version);
        Files.createDirectories(spark);
        jar(spark.resolve("espalier-spark-" + version + ".jar"), String.join(" ", needed), "spark.txt");
    }

    private static void jar(Path file, String classPath, String entry) throws Exception {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        try (var out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            out.putNextEntry(new JarEntry(entry));
            out.write("text".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void assertHoldsWhatIsNeeded(Path jar) throws Exception {
        Set<String> names = new HashSet<>();
        try (var file = new JarFile(jar.toFile())) {
            file.stream().map(JarEntry::getName).forEach(names::add);
            var engines = file.getJarEntry("META-INF/services/espalier.predict.Engine$Provider");
            try (var stream = file.getInputStream(engines)) {
                assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines())
                        .hasSizeGreaterThan(1)
                        .doesNotHaveDuplicates();
            }
        }
        assertThat(names)
                .contains(
                        "spark.txt",
                        "shaded.txt",
                        "espalier/spark/EspalierModel.class",
                        "espalier/predict/Predictor.class")
                .contains("ai/onnxruntime/native/linux-x64/libonnxruntime.so")
                .doesNotContain("web.txt", "old.txt")
                .noneMatch(name -> name.startsWith("org/apache/spark/"))
                .noneMatch(name -> name.contains("libtorch") || name.contains("module-info"));
    }

    @Test
    void missingPartForSpark_isNamed() throws Exception {
        jar(application.resolve("lib/espalier-app-1.jar"), "", "x");
        var job = new PackageSpark(onnx, application, folder.resolve("package"), Platform.LINUX_X64);
        assertThatThrownBy(() -> job.run(file -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("espalier-spark-1.jar is missing. Maybe build it first")
                .hasMessageContaining("mvn install -DskipTests -pl espalier-spark -am");
        Path spark = folder.resolve("repository/dev/espalier/espalier-spark/1");
        jar(Files.createDirectories(spark).resolve("espalier-spark-1.jar"), "espalier-core-1.jar", "x");
        assertThatThrownBy(() -> job.run(file -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which lacks espalier-core-1.jar");
        assertThat(folder.resolve("package")).doesNotExist();
    }
}
