package espalier.web.predict;

import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.predict.ReadTexts;
import espalier.report.DataException;
import espalier.text.TextTask;
import espalier.vision.ImageGradCam;
import espalier.web.WebException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import javax.imageio.ImageIO;

/** What the routes ask for: predictions and explanations, within the limits of the machine. */
final class Service implements AutoCloseable {
    /** How many n-grams explain an answer. */
    private static final int NGRAMS = 12;

    private final Shelf shelf;
    private final Admission admission;
    private final Figures figures = new Figures();
    private final Batcher batcher;
    /** A large picture takes 150 MB while it is decoded: no more of them at once than there are cores. */
    private final Semaphore decoders =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()));

    /** @param queue how many pictures may be at work or wait */
    Service(Shelf shelf, int queue) {
        this.shelf = shelf;
        this.admission = new Admission(queue);
        this.batcher = new Batcher((seconds, pictures, runs) -> {
            figures.ran(seconds, pictures);
            admission.took(seconds / runs, pictures);
        });
        figures.gauge("espalier_pictures_at_work", "Pictures that are at work or wait", admission::taken);
        figures.gauge("espalier_pictures_waiting", "Pictures that wait for a model", batcher::waiting);
        figures.gauge(
                "espalier_models", "Models that are served", () -> shelf.all().size());
        figures.gauge(
                "espalier_models_stale", "Models whose files are gone or cannot be loaded any more", shelf::stale);
    }

    Shelf shelf() {
        return shelf;
    }

    Figures figures() {
        return figures;
    }

    /** Whether more pictures would be taken. */
    boolean isReady() {
        return admission.isCalm();
    }

    /** Why a request of a route would be refused now, whatever is in it; counted as an answer. */
    Optional<WebException> refusal(String route) {
        var refusal = admission.refusal();
        refusal.ifPresent(problem -> figures.answered(route, problem.status(), Duration.ZERO));
        return refusal;
    }

    /** The places of the queue. */
    Admission admission() {
        return admission;
    }

    /** One picture's answer: what the model says, or why not. */
    record Answer(Optional<Prediction> prediction, Optional<WebException> problem) {
        static Answer of(WebException problem) {
            return new Answer(Optional.empty(), Optional.of(problem));
        }

        Prediction orThrow() {
            if (problem.isPresent()) {
                throw problem.get();
            }
            return prediction.orElseThrow();
        }
    }

    /** Predicts files by a model in use, each with an answer of its own. @throws WebException 503 when too many wait */
    List<Answer> predict(Loaded model, List<byte[]> files) {
        try (var ticket = admission.enter(files.size())) {
            var jobs = new ArrayList<CompletableFuture<Prediction>>();
            for (byte[] file : files) {
                jobs.add(job(model, file, files.size()));
            }
            return jobs.stream().map(Service::answer).toList();
        }
    }

    private CompletableFuture<Prediction> job(Loaded model, byte[] file, int files) {
        try {
            var input = read(model.predictor(), file);
            return files == 1 ? batcher.predictNow(model, input) : batcher.predict(model, input);
        } catch (WebException problem) {
            return CompletableFuture.failedFuture(problem);
        }
    }

    private Predictor.Input read(Predictor predictor, byte[] file) {
        decoders.acquireUninterruptibly();
        try {
            return predictor.read(file);
        } catch (DataException unreadable) {
            throw unreadable(predictor, unreadable);
        } catch (OutOfMemoryError tooLarge) {
            throw new WebException(503, "busy", "The server has no memory left for this picture now.").retryAfter(5);
        } finally {
            decoders.release();
        }
    }

    private static WebException unreadable(Predictor predictor, DataException failure) {
        return predictor.task() instanceof ReadTexts
                ? new WebException(422, "not_readable", "The text cannot be read: " + failure.reason() + ".")
                : unreadable(failure);
    }

    private static WebException unreadable(DataException failure) {
        return new WebException(422, "not_readable", "The file cannot be read as a picture: " + failure.reason() + ".");
    }

    private static Answer answer(CompletableFuture<Prediction> job) {
        try {
            return new Answer(Optional.of(finite(await(job))), Optional.empty());
        } catch (WebException problem) {
            return Answer.of(problem);
        }
    }

    private static Prediction finite(Prediction prediction) {
        var outputs = prediction.isNumeric() ? prediction.values() : prediction.byClass();
        for (double one : outputs.values()) {
            if (!Double.isFinite(one)) {
                throw new WebException(500, "model_fault", "The model gives no numbers for this.");
            }
        }
        return prediction;
    }

    /**
     * A picture as the model sees it with what speaks for a class laid over it, as PNG.
     *
     * @param index of the class
     * @throws WebException 400 when there is no such class, 422 for what is no picture, 501 for a model that cannot be
     *     explained so, 503 when too many wait
     */
    Optional<byte[]> explain(Loaded model, byte[] file, int index) {
        if (index < 0 || index >= model.predictor().classes().size()) {
            throw new WebException(400, "bad_index", "The model has no class of this index.");
        }
        var cam = ImageGradCam.of(model.predictor())
                .filter(ImageGradCam::canExplain)
                .orElseThrow(() -> new WebException(501, "not_explained", "This model's answers cannot be shown so."));
        try (var ticket = admission.enter(1)) {
            return await(batcher.run(() -> cam.overlayIfAny(file, index))).map(Service::png);
        }
    }

    /**
     * The n-grams, or the tokens, of a text that move the answer for a class farthest, as {@code {"ngrams": [{"ngram", "weight"}]}}.
     *
     * @throws WebException 400 when there is no such class, 422 for what is no text
     */
    Map<String, Object> explain(TextTask task, byte[] text, int index) {
        var model = task.model();
        if (index < 0 || index >= model.classes().size()) {
            throw new WebException(400, "bad_index", "The model has no class of this index.");
        }
        try (var ticket = admission.enter(1)) {
            return Map.of("ngrams", model.explain(task.read(text), index, NGRAMS));
        } catch (DataException unreadable) {
            throw new WebException(422, "not_readable", "The text cannot be read: " + unreadable.reason() + ".");
        }
    }

    private static byte[] png(BufferedImage picture) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    private static <T> T await(CompletableFuture<T> job) {
        try {
            return job.get();
        } catch (ExecutionException failure) {
            var cause = failure.getCause();
            if (cause instanceof DataException unreadable) {
                throw unreadable(unreadable);
            }
            if (cause instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new WebException(503, "stopping", "The server stops.").retryAfter(5);
        }
    }

    /** Frees the models that were loaded here, after the last answer. */
    @Override
    public void close() {
        batcher.close();
        shelf.close();
        figures.close();
    }
}
