package espalier.collect;

import java.nio.file.Path;

/** Where things that can be fetched again are kept: {@code ESPALIER_HOME}, else {@code ~/.cache/espalier}. */
final class CacheFolder {
    private CacheFolder() {}

    static Path of(String part) {
        String set = System.getenv("ESPALIER_HOME");
        Path root = set == null || set.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".cache", "espalier")
                : Path.of(set);
        return root.resolve(part);
    }
}
