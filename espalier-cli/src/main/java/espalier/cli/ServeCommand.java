package espalier.cli;

import espalier.web.predict.PredictionServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier serve}: a page and an API that predict. */
@Command(
        name = "serve",
        description = {
            "Serve models as a page in the browser and as an API.",
            "Ctrl-C or the signal TERM ends it: then requests at work may end, at most 10 seconds.",
            "A model is called as its file without .safetensors or .onnx. A file that changes is loaded anew without a failed"
                    + " request; a folder serves the model files in it.",
            "Only this machine can reach it, unless --host says otherwise; then a token is needed, which callers show as"
                    + " 'Authorization: Bearer TOKEN'. With --json one line tells the address once it answers."
        },
        footer = {
            "",
            "Examples:",
            "  espalier serve dogs.safetensors",
            "  curl -F file=@grizzly.jpg http://127.0.0.1:8080/api/predict",
            "  ESPALIER_TOKEN=$(openssl rand -hex 16) espalier serve models/ --host 0.0.0.0 --port 80"
        })
final class ServeCommand extends EspalierCommand {
    /** The variable that holds the token: unlike an option it is not seen in the list of processes. */
    static final String TOKEN = "ESPALIER_TOKEN";

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Model files, or folders of them.")
    private List<Path> models = List.of();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The port; 0 for any that is free (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (${DEFAULT-VALUE}); 0.0.0.0 for all of this machine.")
    private String host = "127.0.0.1";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "What callers must show, at least 16 characters (none); better given as the variable ESPALIER_TOKEN.")
    private @Nullable String token;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "A further name by which it may be called, such as a proxy's (none); may be repeated.")
    private List<String> names = List.of();

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "256",
            description = "Pictures at work or waiting (${DEFAULT-VALUE}); beyond it, callers are asked to come back.")
    private int queue;

    @Mixin
    private EngineFlag engine = new EngineFlag();

    @Override
    int run(Console console) throws InterruptedException {
        Bounds.port("--port", port);
        Bounds.whole("--queue", queue, 1, Integer.MAX_VALUE, "256");
        models.forEach(CommandException::existing);
        var secret = Optional.ofNullable(token)
                .or(() -> Optional.ofNullable(System.getenv(TOKEN)).filter(text -> !text.isBlank()));
        var options = PredictionServer.of(models.toArray(Path[]::new))
                .host(host)
                .queue(queue)
                .engine(engine.name())
                .allowHost(names.toArray(String[]::new));
        var done = new CountDownLatch(1);
        try (var interrupts = console.interrupts("Requests at work may end. Again to stop at once.")) {
            try (var server = secret.map(options::token).orElse(options).start(port)) {
                interrupts.onFirst(done::countDown);
                Map<String, Object> ready = new LinkedHashMap<>();
                ready.put("url", server.url());
                ready.put("port", server.port());
                console.jsonPart(Console.compact(ready) + System.lineSeparator());
                console.result(server.url());
                console.say("Open it in a browser, or: curl -F file=@PICTURE " + server.url() + "/api/predict"
                        + (secret.isPresent() ? " -H 'Authorization: Bearer TOKEN'" : "") + ". Ctrl-C stops it.");
                done.await();
            }
        }
        console.say("Stopped.");
        return ExitCodes.DONE;
    }
}
