package espalier.weights;

import espalier.files.Home;
import espalier.files.Sha256;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.report.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places where pretrained weights are looked for, in this order: bundled on the class path, Espalier's cache,
 * the cache of who published them (PyTorch's or the Hugging Face Hub's), the network. Whatever is found is checked against
 * its SHA-256 on every use; a file that does not match is refused by name, never passed over. Where none is known, as of
 * a file that was put there by hand, a warning says so.
 *
 * @param home Espalier's directory; weights lie in its {@code weights/}
 * @param torchHome PyTorch's directory; weights lie in its {@code hub/checkpoints/}, which is only read
 * @param hub the Hugging Face Hub's cache and address
 * @param isOffline whether the network must not be used
 * @param mirror where to download from instead of the published address
 * @param progress hears of downloads, in bytes
 */
public record WeightCache(
        Path home, Path torchHome, Hub hub, boolean isOffline, Optional<URI> mirror, Progress progress) {
    private static final Logger LOG = LoggerFactory.getLogger(WeightCache.class);
    private static final String BUNDLED = "META-INF/espalier/weights/";
    /** The artifact that brings weights as a resource, and the model that they are for. */
    private static final String ARTIFACT = "dev.espalier:espalier-weights";

    private static final String BUNDLED_MODEL = "efficientnet-lite0";

    /**
     * The places that the environment sets: {@code ESPALIER_HOME} (default {@code ~/.cache/espalier}),
     * {@code TORCH_HOME} (default {@code ~/.cache/torch}), {@code HF_HUB_CACHE}, {@code HF_HOME} and {@code HF_ENDPOINT}
     * as the Hub's own client reads them, {@code ESPALIER_OFFLINE=1}, and the system property
     * {@code espalier.weights.url} for a mirror of all.
     */
    public static WeightCache system() {
        return from(System.getenv());
    }

    static WeightCache from(Map<String, String> env) {
        String mirror = System.getProperty("espalier.weights.url", "");
        return new WeightCache(
                Home.directory(env),
                Path.of(env.getOrDefault(
                        "TORCH_HOME", Home.caches(env).resolve("torch").toString())),
                Hub.from(env),
                env.getOrDefault("ESPALIER_OFFLINE", "0")
                        .toLowerCase(Locale.ROOT)
                        .matches("1|true|yes"),
                mirror.isBlank() ? Optional.empty() : Optional.of(URI.create(mirror)),
                Progress.NONE);
    }

    /** A copy with another directory of Espalier. */
    public WeightCache home(Path home) {
        return new WeightCache(home, torchHome, hub, isOffline, mirror, progress);
    }

    /** A copy with another directory of PyTorch. */
    public WeightCache torchHome(Path torchHome) {
        return new WeightCache(home, torchHome, hub, isOffline, mirror, progress);
    }

    /** A copy with another cache of the Hub. */
    public WeightCache hub(Hub hub) {
        return new WeightCache(home, torchHome, hub, isOffline, mirror, progress);
    }

    /** A copy that does not use the network. */
    public WeightCache offline() {
        return new WeightCache(home, torchHome, hub, true, mirror, progress);
    }

    /** A copy that downloads from below {@code mirror}, an address that ends with a slash. */
    public WeightCache mirror(URI mirror) {
        return new WeightCache(home, torchHome, hub, isOffline, Optional.of(mirror), progress);
    }

    /** A copy that tells {@code progress} of downloads, in bytes. */
    public WeightCache progress(Progress progress) {
        return new WeightCache(home, torchHome, hub, isOffline, mirror, progress);
    }

    /**
     * Reads weights from the first place that has them, downloading them at last.
     *
     * @return the tensors with the names of the published file
     * @throws ModelFileException when they are nowhere, cannot be downloaded, or do not match their SHA-256; it
     *     names the file, the address and where to put it
     */
    public Map<String, RawTensor> load(PretrainedWeights weights) {
        Optional<Map<String, RawTensor>> bundled = bundled(weights);
        return bundled.orElseGet(() -> Weights.read(find(weights).orElseGet(() -> download(weights))));
    }

    /** The same weights with the SHA-256 of the file that is used, where none was known before. */
    public PretrainedWeights identified(PretrainedWeights weights) {
        return weights.sha256().isEmpty()
                ? search(weights).map(found -> weights.sha256(found.sha256())).orElse(weights)
                : weights;
    }

    /** Whether the weights come with the application, as a resource on the class path. */
    public static boolean isBundled(PretrainedWeights weights) {
        return bundle(weights).isPresent();
    }

    /**
     * The file with the weights in one of the caches, checked.
     *
     * @throws ModelFileException when none is whole and one does not match its SHA-256
     */
    public Optional<Path> find(PretrainedWeights weights) {
        return search(weights).map(Found::file);
    }

    /** A file that was read to compute its SHA-256. */
    private record Found(Path file, String sha256) {}

    private Optional<Found> search(PretrainedWeights weights) {
        Optional<ModelFileException> damage = Optional.empty();
        for (Path path : List.of(cached(weights), published(weights))) {
            if (Files.isRegularFile(path)) {
                String expected = expected(weights, path);
                String actual = sha256(path);
                if (actual.startsWith(expected)) {
                    if (expected.isEmpty()) {
                        LOG.warn("{}: used unchecked, as nothing here says which SHA-256 it should have", path);
                    }
                    return Optional.of(new Found(path, actual));
                }
                damage = damage.or(() -> Optional.of(damaged(path, actual, expected)));
            }
        }
        damage.ifPresent(failure -> {
            throw failure;
        });
        return Optional.empty();
    }

    /** The first digits of the SHA-256 that a file should have; empty when nobody says. */
    private String expected(PretrainedWeights weights, Path file) {
        if (!weights.sha256().isEmpty()) {
            return weights.sha256();
        }
        try {
            return (file.equals(cached(weights)) ? WeightDownload.recorded(file) : Hub.digest(file)).orElse("");
        } catch (IOException failure) {
            throw new ModelFileException(file + ".sha256: cannot be read. Maybe you may not read it.", failure);
        }
    }

    private static ModelFileException damaged(Path path, String actual, String expected) {
        return new ModelFileException("%s: damaged: its SHA-256 starts with %s, but should with %s."
                        .formatted(path, actual.substring(0, expected.length()), expected)
                + " Maybe delete it, so that it is downloaded again.");
    }

    private Path download(PretrainedWeights weights) {
        Path target = cached(weights);
        Optional<URI> url = address(weights);
        if (isOffline) {
            throw unavailable(weights, new ConnectException("offline by ESPALIER_OFFLINE or by choice"));
        }
        if (url.isEmpty()) {
            throw unavailable(weights, new IOException("it is not published as a file"));
        }
        try {
            return WeightDownload.of(url.get(), target, weights.sha256())
                    .progress(progress)
                    .run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable(weights, new IOException("the download was interrupted", interrupted));
        } catch (IOException failure) {
            throw unavailable(weights, failure);
        }
    }

    private ModelFileException unavailable(PretrainedWeights weights, IOException failure) {
        String reason = failure.getMessage() != null
                ? failure.getMessage()
                : failure instanceof ConnectException ? "nothing answers there" : "the connection broke";
        return new ModelFileException(
                "%s (weights of %s): not found, and not downloaded: %s.%s. Maybe %s."
                        .formatted(
                                weights.file(),
                                weights.model(),
                                reason,
                                byHand(weights),
                                weights.model().equals(BUNDLED_MODEL)
                                        ? "add the artifact " + ARTIFACT + " to your build, which brings them"
                                        : "another machine has it"),
                failure);
    }

    /** What a user can do who reaches the publisher in another way. */
    private String byHand(PretrainedWeights weights) {
        Optional<URI> ofHub = weights.url().filter(Hub::has);
        if (ofHub.isPresent()) {
            return " Download it from %s as %s, or by the Hub's own client (hf download %s) into %s"
                    .formatted(address(weights).get(), cached(weights), Hub.repository(ofHub.get()), hub.cache());
        }
        return "%s it into %s or %s"
                .formatted(
                        address(weights)
                                .map(url -> " Download it from " + url + " and put")
                                .orElse(" Put"),
                        cached(weights).getParent(),
                        published(weights).getParent());
    }

    private Optional<URI> address(PretrainedWeights weights) {
        return weights.url()
                .map(url -> mirror.map(base -> base.resolve(weights.file()))
                        .orElseGet(() -> Hub.has(url) ? hub.at(url) : url));
    }

    private Path cached(PretrainedWeights weights) {
        return home.resolve("weights").resolve(weights.file());
    }

    /** Where the publisher's own programs keep them. */
    private Path published(PretrainedWeights weights) {
        return weights.url()
                .filter(Hub::has)
                .flatMap(hub::find)
                .orElseGet(() -> torchHome.resolve("hub").resolve("checkpoints").resolve(weights.file()));
    }

    // ---- bundled

    private static Optional<URL> bundle(PretrainedWeights weights) {
        String name = BUNDLED + weights.file().replaceFirst("\\.pth$", "") + ".safetensors";
        return Optional.ofNullable(WeightCache.class.getClassLoader().getResource(name));
    }

    private static Optional<Map<String, RawTensor>> bundled(PretrainedWeights weights) {
        return bundle(weights).map(resource -> {
            try (InputStream in = resource.openStream()) {
                ByteBuffer content = ByteBuffer.wrap(in.readAllBytes());
                try (var file = Safetensors.of(content, resource.toString())) {
                    PthImport.verify(file, weights.sha256(), resource.toString());
                    return file.tensors();
                }
            } catch (IOException failure) {
                throw new ModelFileException(
                        resource + ": cannot be read. Maybe the application's files are damaged.", failure);
            }
        });
    }

    /** The SHA-256 of a whole file in hexadecimal. */
    public static String sha256(Path path) {
        try {
            return Sha256.of(path);
        } catch (IOException failure) {
            throw new ModelFileException(path + ": cannot be read. Maybe you may not read it.", failure);
        }
    }
}
