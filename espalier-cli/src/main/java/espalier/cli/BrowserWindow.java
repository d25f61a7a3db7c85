package espalier.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Opens a page in the user's browser. The address may hold a token, and the arguments of a process can be seen by everybody on
 * the machine: so the browser is given a file that only the user can read and that leads on to the address.
 */
final class BrowserWindow {
    private BrowserWindow() {}

    /** Opens {@code url}; false when there is no browser to be found. */
    static boolean open(String url) {
        try {
            new ProcessBuilder(command(leadingTo(url).toUri().toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    /** A file, readable by its owner alone and gone when the program ends, that leads a browser on to {@code url}. */
    static Path leadingTo(String url) throws IOException {
        Path file = Files.createTempFile("espalier-", ".html");
        file.toFile().deleteOnExit();
        String page = "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url="
                + escaped(url) + "\"><title>Espalier</title>";
        Files.writeString(file, page, StandardCharsets.UTF_8);
        return file;
    }

    private static List<String> command(String address) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler", address);
        }
        return List.of(system.contains("mac") ? "open" : "xdg-open", address);
    }

    private static String escaped(String url) {
        return url.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    }
}
