package espalier.predict;

import espalier.item.Items;
import espalier.report.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;

/** What all tasks for texts share: a file with the ending {@code .txt} is one text, in UTF-8. */
public abstract class ReadTexts implements PredictionTask<String> {
    /** The longest text, in bytes of UTF-8. */
    public static final int MOST_BYTES = 10 << 20;

    private static final Set<String> ENDINGS = Set.of("txt");

    /** For the tasks. */
    protected ReadTexts() {}

    @Override
    public final String read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw tooLong(Files.size(file));
            }
            return decoded(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException missing) {
            throw DataException.unreadable(
                    file.toString(), "there is no such file", "Maybe the name is misspelt.", missing);
        } catch (IOException failure) {
            throw DataException.unreadable(
                    file.toString(), String.valueOf(failure.getMessage()), "Maybe it is a folder.", failure);
        }
    }

    @Override
    public final String read(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw tooLong(bytes.length);
        }
        return decoded(bytes, "the text");
    }

    @Override
    public final String read(BufferedImage picture) {
        throw new DataException("the model takes texts, not pictures. Maybe another model was meant.");
    }

    @Override
    public final String read(String text) {
        if (text.length() > MOST_BYTES) {
            throw tooLong(text.length());
        }
        return text;
    }

    private static DataException tooLong(long bytes) {
        return new DataException("the text has " + bytes + " bytes, and at most " + MOST_BYTES
                + " are possible. Maybe it is several texts: give them one by one.");
    }

    private static String decoded(byte[] bytes, String what) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException wrong) {
            throw DataException.unreadable(
                    what,
                    "it is not UTF-8 (byte " + buffer.position() + ")",
                    "Maybe it is in another encoding, or no text.",
                    wrong);
        }
    }

    @Override
    public final Items.Found find(Path folder) {
        return Items.files(ENDINGS).find(folder);
    }
}
