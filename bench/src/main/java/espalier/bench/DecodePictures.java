package espalier.bench;

import espalier.image.Decoded;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.report.DataException;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Decodes pictures for another program to compare with its own; see {@code tools/golden/compare_pillow.py}. */
public final class DecodePictures {
    private DecodePictures() {}

    /**
     * Reads a path a line from standard input. For each, writes width and height as two big-endian numbers of four
     * bytes, the warnings as text with its length before it, and the RGB samples; for what cannot be read zeros and the reason.
     */
    public static void main(String[] args) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new DataOutputStream(System.out);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            decode(Path.of(line), out);
            out.flush();
        }
    }

    private static void decode(Path file, DataOutputStream out) throws IOException {
        Decoded decoded;
        try {
            decoded = ImageReader.of().maxPixels(200_000_000).decode(file);
        } catch (DataException refused) {
            out.writeInt(0);
            out.writeInt(0);
            out.writeUTF(refused.reason());
            return;
        }
        Image image = decoded.image();
        out.writeInt(image.width());
        out.writeInt(image.height());
        out.writeUTF(String.join("; ", decoded.warnings()));
        out.write(image.data());
    }
}
