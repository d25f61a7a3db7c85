package espalier.image;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A file format that can be decoded, known from a file's first bytes. */
public enum ImageType {
    BMP("bmp", "dib"),
    GIF("gif"),
    JPEG("jpg", "jpeg", "jpe", "jfif", "pjpeg", "pjp", "mpo"),
    PNG("png", "apng"),
    TIFF("tif", "tiff"),
    WEBP("webp");

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable one
    private final List<String> extensions;

    ImageType(String... extensions) {
        this.extensions = List.of(extensions);
    }

    /** The usual file name extensions, lower-case, the commonest first. */
    public List<String> extensions() {
        return extensions;
    }

    /** The name in messages, such as {@code "JPEG"} or {@code "WebP"}. */
    public String label() {
        return this == WEBP ? "WebP" : name();
    }

    /** The type that a file name's extension promises, if it is one of ours. */
    public static Optional<ImageType> ofFileName(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        for (ImageType type : values()) {
            if (type.extensions.contains(extension)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
