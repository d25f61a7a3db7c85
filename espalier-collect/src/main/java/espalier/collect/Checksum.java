package espalier.collect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's content must hash to.
 *
 * @param algorithm {@code "SHA-256"} or {@code "MD5"}; the latter only guards against accidents
 * @param hex the hash in lower-case hexadecimal
 */
public record Checksum(String algorithm, String hex) {
    public Checksum {
        int length =
                switch (algorithm) {
                    case "SHA-256" -> 64;
                    case "MD5" -> 32;
                    default -> -1;
                };
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.length() != length || !hex.matches("[0-9a-f]*")) {
            throw new IllegalArgumentException("Expected a SHA-256 of 64 or an MD5 of 32 hexadecimal digits, got "
                    + algorithm + " " + hex + ". Maybe it was cut when it was copied.");
        }
    }

    /** A SHA-256 in hexadecimal. */
    public static Checksum sha256(String hex) {
        return new Checksum("SHA-256", hex);
    }

    /** An MD5 in hexadecimal. */
    public static Checksum md5(String hex) {
        return new Checksum("MD5", hex);
    }

    /** Whether the content of {@code file} has this hash. */
    public boolean matches(Path file) throws IOException {
        return of(file).equals(hex);
    }

    /** The hash of the content of {@code file} by this algorithm. */
    String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance(algorithm);
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has " + algorithm, impossible);
        }
    }

    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
