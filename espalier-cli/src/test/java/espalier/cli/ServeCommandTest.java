package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class ServeCommandTest {
    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Path model;
    private Path picture;

    @BeforeEach
    void makeModel() {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 4);
        model = PictureFiles.untrained(data, folder.resolve("tiny.safetensors"));
        picture = data.resolve("red/0.png");
    }

    private Child serve(Map<String, String> environment, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of("serve", model.toString(), "--port", "0"));
        arguments.addAll(List.of(more));
        return Child.start(folder.resolve("log"), folder, environment, arguments.toArray(String[]::new));
    }

    private static String url(Child child) throws Exception {
        child.await("http://");
        child.await("\n");
        var found = Pattern.compile("http://[^\\s\"]+").matcher(child.log());
        assertThat(found.find()).isTrue();
        return found.group();
    }

    private int predict(String url, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/predict"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofFile(picture));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    @Test
    void S13_signalUnderLoad_drainsAndExitsWith0() throws Exception {
        try (var child = serve(Map.of(), "--json")) {
            String url = url(child);
            assertThat(child.log()).startsWith("{\"url\":\"" + url + "\",\"port\":");
            assertThat(predict(url)).isEqualTo(200);
            var stopping = new AtomicBoolean();
            var pool = Executors.newFixedThreadPool(8);
            Callable<List<Integer>> load = () -> {
                var statuses = new ArrayList<Integer>();
                while (true) {
                    try {
                        statuses.add(predict(url));
                    } catch (java.io.IOException closed) {
                        return statuses; // the server has gone; what it had taken was answered
                    }
                    if (stopping.get() && statuses.get(statuses.size() - 1) == 503) {
                        return statuses;
                    }
                }
            };
            var clients = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(i -> pool.submit(load))
                    .toList();
            Thread.sleep(1000);
            stopping.set(true);
            child.signal("TERM");
            assertThat(child.exitCode(15)).as(child.log()).isZero();
            for (var client : clients) {
                assertThat(client.get()).isNotEmpty().allMatch(status -> status == 200 || status == 503);
                assertThat(client.get().stream().filter(status -> status == 200).count())
                        .isPositive();
            }
            pool.shutdown();
            assertThat(child.log()).contains("Stopped.");
        }
    }

    @Test
    void S13_secondSignal_endsAtOnce() throws Exception {
        try (var child = serve(Map.of())) {
            var address = URI.create(url(child));
            try (var half = new Socket(address.getHost(), address.getPort())) {
                String head = "POST /api/predict HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nContent-Type: image/png\r\nContent-Length: 100\r\n\r\nx";
                half.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(500); // the request is at work, and draining would wait for its body
                child.signal("TERM");
                child.await("Again to stop at once");
                child.signal("TERM");
                assertThat(child.exitCode(4)).as(child.log()).isEqualTo(ExitCodes.INTERRUPTED);
            }
        }
    }

    @Test
    void S23_token_comesFromTheEnvironmentAndIsNeverPrinted() throws Exception {
        String token = "0123456789abcdef";
        try (var child = serve(Map.of(ServeCommand.TOKEN, token), "--host", "0.0.0.0")) {
            String url = url(child).replace("0.0.0.0", "127.0.0.1");
            assertThat(predict(url)).isEqualTo(401);
            assertThat(predict(url, "Authorization", "Bearer " + token)).isEqualTo(200);
            child.signal("INT");
            assertThat(child.exitCode(15)).as(child.log()).isZero();
            assertThat(child.log()).doesNotContain(token);
        }
    }

    @Test
    void S01_wrongUse_isSaid() throws Exception {
        var open = Run.of("serve", model.toString(), "--host", "0.0.0.0", "--port", "0");
        assertThat(open.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(open.err()).contains("token", "Maybe");
        assertThat(Run.of("serve", "no-such.safetensors").exitCode()).isEqualTo(ExitCodes.NO_INPUT);
        Path broken = Files.writeString(folder.resolve("broken.safetensors"), "no model");
        assertThat(Run.of("serve", broken.toString(), "--port", "0").exitCode()).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(Run.of("serve", model.toString(), "--token", "short").exitCode())
                .isEqualTo(ExitCodes.USAGE);
        for (String port : List.of("-1", "65536", "99999")) {
            var run = Run.of("serve", model.toString(), "--port", port);
            assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(run.err()).contains("--port is " + port + ", expected 0 to 65535. Maybe");
        }
        assertThat(Run.of("serve", model.toString(), "--queue", "0").err())
                .contains("--queue is 0, expected 1 or more. Maybe");
    }

    @Test
    void M14_modelAddedToTheFolder_isToldInTheLog() throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        Files.copy(model, models.resolve("a.safetensors"));
        try (var child =
                Child.start(folder.resolve("log"), folder, Map.of(), "serve", models.toString(), "--port", "0")) {
            url(child);
            Files.copy(model, models.resolve("b.safetensors"));
            child.await("espalier: b ");
            child.await(" is served\n");
            child.signal("TERM");
            assertThat(child.exitCode(15)).as(child.log()).isZero();
        }
    }

    @Test
    void S22_portInUse_isSaid() throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            var run = Run.of("serve", model.toString(), "--port", port);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCodes.NETWORK);
            assertThat(run.err())
                    .startsWith("espalier: cannot listen on port " + port)
                    .contains("it is in use. Maybe");
        }
    }

    @Test
    void shortCommands_loadNothingOfTheServer() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path log = folder.resolve("classes");
        var process = new ProcessBuilder(
                        java,
                        "-Xlog:class+load:stdout",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        classPath,
                        "espalier.cli.Main",
                        "inspect",
                        model.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        var loaded = Files.readAllLines(log);
        assertThat(loaded).anyMatch(line -> line.contains(" espalier.cli.InspectCommand "));
        assertThat(loaded)
                .noneMatch(line -> line.contains(" espalier.web.")
                        || line.contains(" espalier.cli.ServeCommand")
                        || line.contains(" espalier.cli.TrainImageCommand")
                        || line.contains(" io.javalin")
                        || line.contains(" org.eclipse.jetty"));
    }
}
