package espalier.weights;

import espalier.files.Home;
import espalier.format.ModelFileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Hugging Face Hub, as far as weights need it: where it answers, and the cache of its own client, which is only read.
 *
 * @param cache the folder of the client's cache, in which a repository is {@code models--OWNER--NAME}
 * @param endpoint where the Hub, or a mirror of it, answers
 */
public record Hub(Path cache, URI endpoint) {
    private static final String PUBLIC = "https://huggingface.co";
    private static final String FILE = "model.safetensors";
    /** The revision that is asked for. */
    private static final String REVISION = "main";

    private static final String SHA256 = "[0-9a-f]{64}";

    /**
     * As the client reads the environment: {@code HF_HUB_CACHE}, else {@code HF_HOME}{@code /hub}, else
     * {@code ~/.cache/huggingface/hub}; and {@code HF_ENDPOINT} for a mirror.
     */
    static Hub from(Map<String, String> env) {
        String home = env.getOrDefault(
                "HF_HOME", Home.caches(env).resolve("huggingface").toString());
        return new Hub(
                Path.of(env.getOrDefault("HF_HUB_CACHE", Path.of(home, "hub").toString())),
                URI.create(env.getOrDefault("HF_ENDPOINT", PUBLIC).replaceAll("/+$", "")));
    }

    /** Where the Hub has a repository's weights. */
    static URI address(String owner, String name) {
        return URI.create(String.join("/", PUBLIC, owner, name, "resolve", REVISION, FILE));
    }

    /** Whether an address is one of the Hub's. */
    static boolean has(URI url) {
        return url.toString().startsWith(PUBLIC + "/");
    }

    /** One of the Hub's addresses at this {@link #endpoint}. */
    URI at(URI url) {
        return URI.create(endpoint + url.getRawPath());
    }

    /** The repository of one of the Hub's addresses, such as {@code timm/resnet50.a1_in1k}. */
    static String repository(URI url) {
        String path = url.getPath();
        return path.substring(1, path.indexOf("/resolve/"));
    }

    /**
     * The file of one of the Hub's addresses in the client's cache: of the revision that {@code refs/main} names, or of
     * the only one when none is named.
     */
    Optional<Path> find(URI url) {
        Path folder = cache.resolve("models--" + repository(url).replace("/", "--"));
        return revision(folder)
                .map(revision -> folder.resolve("snapshots").resolve(revision).resolve(FILE))
                .filter(Files::isRegularFile);
    }

    private static Optional<String> revision(Path folder) {
        try {
            Path named = folder.resolve("refs").resolve(REVISION);
            if (Files.isRegularFile(named)) {
                return Optional.of(Files.readString(named).strip()).filter(text -> text.matches("[0-9a-f]{1,64}"));
            }
            Path snapshots = folder.resolve("snapshots");
            if (!Files.isDirectory(snapshots)) {
                return Optional.empty();
            }
            try (var all = Files.list(snapshots)) {
                List<Path> found = all.toList();
                return found.size() == 1
                        ? Optional.of(String.valueOf(found.get(0).getFileName()))
                        : Optional.empty();
            }
        } catch (IOException failure) {
            throw new ModelFileException(folder + ": cannot be read. Maybe you may not read it.", failure);
        }
    }

    /**
     * The SHA-256 that a file of the client's cache should have: the file is a link to another whose name it is. Empty
     * where the client made copies instead, as on systems without links.
     */
    static Optional<String> digest(Path file) {
        try {
            return Optional.of(String.valueOf(file.toRealPath().getFileName())).filter(name -> name.matches(SHA256));
        } catch (IOException failure) {
            throw new ModelFileException(file + ": cannot be read. Maybe you may not read it.", failure);
        }
    }
}
