package espalier.collect;

import espalier.report.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Who asks Kaggle: a token, or a user and key. Never shown. */
public final class KaggleCredentials {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String authorization;
    private final List<String> warnings;

    private KaggleCredentials(String authorization, List<String> warnings) {
        this.authorization = authorization;
        this.warnings = List.copyOf(warnings);
    }

    /** A token as in {@code KAGGLE_API_TOKEN}. */
    public static KaggleCredentials token(String token) {
        return new KaggleCredentials("Bearer " + token.strip(), List.of());
    }

    /** A user name and key as in {@code kaggle.json}. */
    public static KaggleCredentials key(String user, String key) {
        String pair = user.strip() + ":" + key.strip();
        return new KaggleCredentials(
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)), List.of());
    }

    /** The credentials of this user and environment; home is {@code HOME}, as for Kaggle's own program. */
    public static KaggleCredentials find() {
        String home = System.getenv().getOrDefault("HOME", "");
        return find(System.getenv(), Path.of(home.isBlank() ? System.getProperty("user.home", "") : home));
    }

    /**
     * The credentials in {@code KAGGLE_API_TOKEN}, else in {@code KAGGLE_USERNAME} and {@code KAGGLE_KEY},
     * else in {@code kaggle.json} in {@code KAGGLE_CONFIG_DIR} or {@code .kaggle} below {@code home}.
     *
     * @throws DataException when there are none (caused by a {@link NoSuchFileException}), or the file cannot be used
     */
    public static KaggleCredentials find(Map<String, String> env, Path home) {
        String token = env.getOrDefault("KAGGLE_API_TOKEN", "");
        if (!token.isBlank()) {
            return token(token);
        }
        String user = env.getOrDefault("KAGGLE_USERNAME", "");
        String key = env.getOrDefault("KAGGLE_KEY", "");
        if (!user.isBlank() && !key.isBlank()) {
            return key(user, key);
        }
        String folder = env.getOrDefault("KAGGLE_CONFIG_DIR", "");
        Path file = (folder.isBlank() ? home.resolve(".kaggle") : Path.of(folder)).resolve("kaggle.json");
        if (!Files.exists(file)) {
            throw new DataException(
                    "No key for Kaggle: neither KAGGLE_API_TOKEN nor KAGGLE_USERNAME and KAGGLE_KEY are set, and there"
                            + " is no " + file + ". Maybe make a token at https://www.kaggle.com/settings and save the"
                            + " file there.",
                    new NoSuchFileException(file.toString()));
        }
        return read(file);
    }

    private static KaggleCredentials read(Path file) {
        try {
            var json = JSON.readTree(Files.readString(file));
            String user = json.path("username").asString("");
            String key = json.path("key").asString("");
            if (user.isBlank() || key.isBlank()) {
                throw new DataException(file + " has no \"username\" and \"key\". Maybe download it again from"
                        + " https://www.kaggle.com/settings.");
            }
            return new KaggleCredentials(key(user, key).authorization, warnings(file));
        } catch (JacksonException broken) { // its message would repeat the content
            throw new DataException(
                    file + " is no JSON. Maybe download it again from https://www.kaggle.com/settings.");
        } catch (IOException failure) {
            throw new DataException(
                    "cannot read " + file + ": " + failure.getMessage() + ". Maybe it belongs to another user.",
                    failure);
        }
    }

    private static List<String> warnings(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return List.of();
        }
        var permissions = Files.getPosixFilePermissions(file);
        boolean open = permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ);
        return open
                ? List.of(file + " can be read by other users of this machine. Maybe run: chmod 600 " + file)
                : List.of();
    }

    /** What the user should know about where the key lies. */
    public List<String> warnings() {
        return warnings;
    }

    String authorization() {
        return authorization;
    }

    @Override
    public String toString() {
        return "Kaggle credentials";
    }
}
