package espalier.files;

import java.io.IOException;
import java.util.Optional;
import java.util.Properties;

/** The libraries on the class path. */
public final class Libraries {
    private Libraries() {}

    /** The version of a library as Maven wrote it into its jar; empty when it is not there, or was built otherwise. */
    public static Optional<String> version(String group, String artifact) {
        var properties = new Properties();
        try (var in =
                Libraries.class.getResourceAsStream("/META-INF/maven/" + group + "/" + artifact + "/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return Optional.ofNullable(properties.getProperty("version"));
    }
}
