package espalier.files;

import java.nio.file.Path;
import java.util.Map;

/** Espalier's own directory: downloaded weights, exported models, unpacked libraries. All in it can be made again. */
public final class Home {
    private Home() {}

    /** {@code ESPALIER_HOME}, by default {@code ~/.cache/espalier}. It need not exist. */
    public static Path directory() {
        return directory(System.getenv());
    }

    /** The same in another environment. */
    public static Path directory(Map<String, String> env) {
        return Path.of(env.getOrDefault(
                "ESPALIER_HOME", caches(env).resolve("espalier").toString()));
    }

    /** Where programs keep what can be made again: {@code XDG_CACHE_HOME}, by default {@code ~/.cache}. */
    public static Path caches(Map<String, String> env) {
        String user = System.getProperty("user.home", ".");
        return Path.of(
                env.getOrDefault("XDG_CACHE_HOME", Path.of(user, ".cache").toString()));
    }
}
