package espalier.examples;

import espalier.predict.Predictor;
import espalier.web.predict.PredictionServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** The second half of the tutorial on cleaning and serving: a model as a page and an API. */
public final class ServeModel {
    private ServeModel() {}

    /** Arguments: a model file. Serves it until the process is ended. */
    public static void main(String[] args) throws InterruptedException {
        Path model = Path.of(args[0]);
        // region page
        try (var server = PredictionServer.of(model).start(8080)) {
            System.out.println("open " + server.url());
            Thread.currentThread().join();
        }
        // endregion
    }

    /** Serves a model of this program's own, and asks it about a picture as another program would. */
    static String ask(Path model, Path picture) throws IOException, InterruptedException {
        // region predictor
        try (var predictor = Predictor.load(model);
                var server = PredictionServer.of(predictor).start(0)) {
            // endregion
            // region client
            var request = HttpRequest.newBuilder(URI.create(server.url() + "/api/predict?top=3"))
                    .header("Content-Type", "image/jpeg")
                    .POST(HttpRequest.BodyPublishers.ofFile(picture))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            // endregion
        }
    }

    /** A server for other machines: all models of a folder, behind a proxy, for callers who know the token. */
    static PredictionServer forOthers(Path models, String token) {
        // region others
        return PredictionServer.of(models)
                .host("0.0.0.0")
                .token(token)
                .allowHost("pictures.example.org")
                .queue(64);
        // endregion
    }
}
