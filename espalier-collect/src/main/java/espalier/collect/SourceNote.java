package espalier.collect;

import espalier.collect.fetch.Request;
import espalier.files.AtomicFiles;
import espalier.files.Sha256;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a download came from, written down in a hidden file beside it, so that a file of the same name from elsewhere
 * is not taken for it. Of the address only a hash is kept, and host and path to show: a query may hold keys.
 */
final class SourceNote {
    /** What changes with each signed address of the same file. */
    private static final String SIGNATURE =
            "(?i)(?<=[?&])(x-(amz|goog)-[^=&]*|signature|sig|expires|key-pair-id|policy|awsaccesskeyid|googleaccessid)=[^&]*&?";

    private final Path target;
    private final Path note;

    SourceNote(Path target) {
        this.target = target;
        this.note = target.resolveSibling("." + target.getFileName() + ".source");
    }

    /** Whether the file, or what is there of it, is known to come from {@code request}'s address. */
    boolean isOf(Request request) throws IOException {
        return Files.isRegularFile(note) && Files.readString(note).startsWith(hash(request));
    }

    /**
     * Passes when the file comes from {@code request}'s address, or nobody knows from where.
     *
     * @throws DataException when it comes from elsewhere
     */
    void check(Request request) throws IOException {
        if (Files.exists(note) && !isOf(request)) {
            String from = Files.readString(note).lines().skip(1).findFirst().orElse("elsewhere");
            throw new DataException(target + " is there already and comes from " + from + ", not from " + shown(request)
                    + ". Maybe choose another --out, or move that file away.");
        }
    }

    void write(Request request) throws IOException {
        AtomicFiles.writeString(note, hash(request) + "\n" + shown(request) + "\n");
    }

    void remove() throws IOException {
        Files.deleteIfExists(note);
    }

    private static String shown(Request request) {
        return request.url().toString().replaceFirst("\\?.*", "");
    }

    private static String hash(Request request) {
        return new Sha256()
                .add(request.url().toString().replaceAll(SIGNATURE, ""))
                .hex();
    }
}
