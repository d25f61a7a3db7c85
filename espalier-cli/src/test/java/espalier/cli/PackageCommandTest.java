package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
                .isEqualTo(65);
        assertThat(Run.of("package", model.toString(), "--out", out, "--application", data.toString())
                        .exitCode())
                .isEqualTo(2);
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        var run = Run.of("package", model.toString(), "--out", file.resolve("x").toString(), "--application", made);
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("cannot write", "Maybe");
    }

    /** The real application, put together from the class path of this test, serves from the written folder. */
    @Test
    @Tag("slow")
    void folder_servesItsModel() throws Exception {
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
        var run = Run.of("package", model.toString(), "--out", out.toString(), "--application", application.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
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
