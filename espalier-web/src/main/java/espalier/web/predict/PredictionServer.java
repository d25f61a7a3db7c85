package espalier.web.predict;

import espalier.predict.Engines;
import espalier.predict.Predictor;
import espalier.web.BodyLimit;
import espalier.web.Limits;
import espalier.web.RunningServer;
import espalier.web.WebServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page and an API that predict pictures. Immutable; {@link #start} gives the server that runs.
 *
 * <pre>{@code
 * try (var server = PredictionServer.of(predictor).start(8080)) {
 *     System.out.println(server.url());        // http://127.0.0.1:8080
 *     ...
 * }
 * }</pre>
 *
 * <p>It listens on this machine's own address unless told otherwise, and for any other it insists on a token. Model files
 * that change are loaded anew without a failed request. The API is described at {@code /openapi.yaml}.
 */
public final class PredictionServer {
    private static final int MOST_FILES = 64;
    private static final int SPARE_THREADS = 32;
    private static final long LOOK_MILLIS = 1000;
    private static final int FORM = 64 << 10;

    private final WebServer web;
    private final Map<String, Predictor> given;
    private final List<Path> places;
    private final Limits limits;
    private final int queue;
    private final int fileBytes;
    private final int requestBytes;
    private final long lookMillis;
    private final String engine;

    private PredictionServer(
            WebServer web,
            Map<String, Predictor> given,
            List<Path> places,
            Limits limits,
            int queue,
            int fileBytes,
            int requestBytes,
            long lookMillis,
            String engine) {
        this.web = web;
        this.given = given;
        this.places = places;
        this.limits = limits;
        this.queue = queue;
        this.fileBytes = fileBytes;
        this.requestBytes = requestBytes;
        this.lookMillis = lookMillis;
        this.engine = engine;
    }

    private static PredictionServer of(Map<String, Predictor> given, List<Path> places) {
        var web = WebServer.of("predict").nameHint("Maybe start it with --allow-host and that name.");
        return new PredictionServer(
                web, given, places, Limits.of(), 256, 20_000_000, 100_000_000, LOOK_MILLIS, Engines.usual());
    }

    /** A server of one model, called {@code "model"}. The caller closes the predictor, after the server. */
    public static PredictionServer of(Predictor predictor) {
        return of(Map.of("model", predictor), List.of());
    }

    /**
     * A server of model files and of the model files in folders, named as the files without {@code .safetensors} or
     * {@code .onnx}; in a folder, a model that is there as both is loaded from the former. They are
     * loaded when it starts, and anew when they change; new files in a folder are added. The first answers requests that
     * name no model, as long as the server runs; in a folder that is the first by the alphabet.
     */
    public static PredictionServer of(Path... places) {
        return of(Map.of(), List.of(places));
    }

    /** A copy with one more model; the caller closes its predictor, after the server. */
    public PredictionServer model(String name, Predictor predictor) {
        Map<String, Predictor> all = new LinkedHashMap<>(given);
        all.put(name, predictor);
        return new PredictionServer(web, all, places, limits, queue, fileBytes, requestBytes, lookMillis, engine);
    }

    /** A copy that listens on another address, such as {@code "0.0.0.0"} for all of this machine; needs a token. */
    public PredictionServer host(String host) {
        return with(web.host(host));
    }

    /** A copy whose callers must show a token of at least 16 characters. */
    public PredictionServer token(String token) {
        return with(web.token(token));
    }

    /** A copy that may also be called by these names, such as a proxy's. */
    public PredictionServer allowHost(String... names) {
        return with(web.allowHost(names));
    }

    /** A copy that lets at most so many pictures be at work or wait, 256 unless told; beyond it, 503. */
    public PredictionServer queue(int pictures) {
        if (pictures < 1) {
            throw new IllegalArgumentException(
                    "a queue needs at least one place, received " + pictures + ". Maybe 256 is meant.");
        }
        return new PredictionServer(web, given, places, limits, pictures, fileBytes, requestBytes, lookMillis, engine);
    }

    /** A copy with another limit of a file, 20 MB unless told. */
    public PredictionServer fileBytes(int most) {
        return new PredictionServer(
                web, given, places, limits, queue, most, Math.max(most, requestBytes), lookMillis, engine);
    }

    /** A copy with another limit of a batch of files, 100 MB unless told. */
    public PredictionServer requestBytes(int most) {
        return new PredictionServer(web, given, places, limits, queue, fileBytes, most, lookMillis, engine);
    }

    /** A copy with other limits of connections; its limit of threads counts beside the queue. */
    public PredictionServer limits(Limits limits) {
        return new PredictionServer(web, given, places, limits, queue, fileBytes, requestBytes, lookMillis, engine);
    }

    /** A copy whose files are computed by another engine, one of {@link Engines#names}. */
    public PredictionServer engine(String engine) {
        return new PredictionServer(web, given, places, limits, queue, fileBytes, requestBytes, lookMillis, engine);
    }

    /** A copy that looks for changed files at another pace. */
    PredictionServer lookMillis(long millis) {
        return new PredictionServer(web, given, places, limits, queue, fileBytes, requestBytes, millis, engine);
    }

    private PredictionServer with(WebServer changed) {
        return new PredictionServer(changed, given, places, limits, queue, fileBytes, requestBytes, lookMillis, engine);
    }

    /**
     * Loads the models and starts to answer.
     *
     * @param port 0 for any that is free
     * @throws espalier.format.ModelFileException when a model cannot be loaded, or there is none
     * @throws IllegalArgumentException when a token is missing for an address that other machines can reach
     * @throws java.io.UncheckedIOException when the port is in use
     */
    public RunningServer start(int port) {
        var service = new Service(new Shelf(given, places, lookMillis, file -> Predictor.load(file, engine)), queue);
        try {
            return assembled(service).start(port);
        } catch (RuntimeException failure) {
            service.close();
            throw failure;
        }
    }

    /** The routes, over a service. */
    WebServer assembled(Service service) {
        // Whoever waits in the queue holds a thread: there must be one for each place, and some for the rest.
        var enough = limits.threads(Math.max(limits.threads(), queue + SPARE_THREADS));
        String file = "A file may have at most " + fileBytes + " bytes";
        var one = BodyLimit.of(encoded(fileBytes)).saying(file + ".");
        var several = BodyLimit.of(requestBytes).saying(file + ", and all of a request together " + requestBytes + ".");
        return new Routes(service, new Uploads(Math.min(MOST_FILES, queue), fileBytes))
                .addTo(web.limits(enough), one, several)
                .closing(service);
    }

    /** What a file may take in a request: in base64 with line ends up to a half more, and a form around it. */
    private static int encoded(int bytes) {
        return (int) Math.min(Integer.MAX_VALUE - 16L, bytes * 3L / 2 + FORM);
    }
}
