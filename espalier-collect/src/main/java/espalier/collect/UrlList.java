package espalier.collect;

import espalier.report.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A list of addresses, one a line; blank lines and those that start with {@code #} are passed over. */
public final class UrlList {
    private UrlList() {}

    /**
     * The addresses in {@code file}.
     *
     * @throws DataException when it is not there or no UTF-8 text
     */
    public static List<ImageHit> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("There is no list " + file + ". Maybe the path is misspelt.");
        }
        try {
            return hits(Files.readString(file));
        } catch (CharacterCodingException binary) {
            throw new DataException(
                    file + " is no UTF-8 text. Maybe it is not the list but one of the pictures.", binary);
        }
    }

    /** The addresses in {@code in}, which is read to its end as UTF-8. */
    public static List<ImageHit> read(InputStream in) throws IOException {
        return hits(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    private static List<ImageHit> hits(String text) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text; // Windows marks UTF-8 so
        return plain.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> ImageHit.of(line).source("list"))
                .toList();
    }
}
