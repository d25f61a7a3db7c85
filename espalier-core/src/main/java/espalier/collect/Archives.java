package espalier.collect;

import espalier.data.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Extracts archives into one folder and nowhere else: zip, tar, 7z and what gzip, bzip2 and xz packed,
 * told by content, also nested ({@code .tar.7z}, a zip of zips). All or nothing: everything is extracted
 * beside its place first and moved there at the end.
 *
 * <p>Refused: names that are absolute, climb out by {@code ..} or name a drive; links and devices; a name
 * twice; encrypted entries; sizes or checksums that lie; more entries, bytes or growth than allowed.
 *
 * @param directory where the content goes; made when missing
 * @param maxBytes the most bytes extracted, 200 GB
 * @param maxEntries the most entries, nested ones included, 500,000
 * @param maxRatio how many times larger than the archive its content may be, 200; up to 64 MB are always allowed
 * @param skipBad leaves forbidden entries out and reports them, instead of refusing the archive
 * @param progress hears of the bytes extracted
 */
public record Archives(
        Path directory, long maxBytes, int maxEntries, int maxRatio, boolean skipBad, Progress progress) {
    static final String STAGING = ".espalier-extract-";
    private static final int DEEPEST = 3;

    /**
     * What an extraction gave.
     *
     * @param files how many files
     * @param bytes how many bytes they hold
     * @param rejected entries left out
     */
    public record Extracted(int files, long bytes, List<Rejected> rejected) {
        public Extracted {
            rejected = List.copyOf(rejected);
        }
    }

    /** Extraction into {@code directory} with the limits above. */
    public static Archives into(Path directory) {
        return new Archives(directory, 200_000_000_000L, 500_000, 200, false, Progress.NONE);
    }

    /** These rules with another limit of bytes. */
    public Archives maxBytes(long bytes) {
        return new Archives(directory, bytes, maxEntries, maxRatio, skipBad, progress);
    }

    /** These rules with another limit of entries. */
    public Archives maxEntries(int entries) {
        return new Archives(directory, maxBytes, entries, maxRatio, skipBad, progress);
    }

    /** These rules with another limit of growth. */
    public Archives maxRatio(int times) {
        return new Archives(directory, maxBytes, maxEntries, times, skipBad, progress);
    }

    /** These rules, leaving forbidden entries out instead of refusing the archive. */
    public Archives skippingBad() {
        return new Archives(directory, maxBytes, maxEntries, maxRatio, true, progress);
    }

    /** These rules, telling {@code listener} of the bytes extracted. */
    public Archives progress(Progress listener) {
        return new Archives(directory, maxBytes, maxEntries, maxRatio, skipBad, listener);
    }

    /**
     * Extracts {@code archive}. Files that are there already with the same content stay; one with other
     * content stops the extraction before anything is moved.
     *
     * @throws DataException when the archive is broken, hostile, too large or of no known type; nothing is left then
     * @throws IOException when the disk fails
     */
    public Extracted extract(Path archive) throws IOException {
        if (!Files.isRegularFile(archive)) {
            throw new DataException("There is no archive " + archive + ". Maybe the name is misspelt.");
        }
        FileType type = ArchiveEntries.typeOf(archive);
        if (!type.isArchive()) {
            throw new DataException(archive + " is no archive that can be opened, but " + type.mime()
                    + ". Expected zip, tar, 7z, gz, bz2 or xz. Maybe the download gave an error page.");
        }
        Files.createDirectories(directory);
        Path name = archive.toAbsolutePath().getFileName();
        Path staging = directory.resolve(
                STAGING + Integer.toHexString(String.valueOf(name).hashCode()));
        Staging.delete(staging); // of a run that was killed
        Path content = Files.createDirectories(staging.resolve("content"));
        try {
            var budget = new ArchiveBudget(this, Files.size(archive), archive);
            var place = new Staging(content, budget);
            place.extract(archive, content);
            unpackNested(content, place, 1);
            place.publish(directory);
            return new Extracted(budget.files(), budget.kept(), budget.rejected());
        } finally {
            Staging.delete(staging);
        }
    }

    /** Opens archives found inside, in their own folder, and drops them: {@code train.tar.7z} becomes its files. */
    private static void unpackNested(Path folder, Staging place, int depth) throws IOException {
        List<Path> inner;
        try (var walk = Files.walk(folder)) {
            inner = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : inner) {
            if (!isContainer(file)) {
                continue;
            }
            if (depth > DEEPEST) {
                throw new DataException(file.getFileName() + " lies more than " + DEEPEST
                        + " archives deep. Maybe the archive is built to exhaust the disk.");
            }
            Path own = place.folder();
            place.extract(file, own);
            place.forget(file);
            unpackNested(own, place, depth + 1);
            place.merge(own, java.util.Objects.requireNonNull(file.getParent()));
        }
    }

    private static boolean isContainer(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.matches(".*\\.(tar\\.(gz|bz2|xz)|tgz|tbz2?|txz)")) {
            return ArchiveEntries.typeOf(file).isArchive();
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "zip" -> FileType.of(file) == FileType.ZIP;
            case "7z" -> FileType.of(file) == FileType.SEVEN_ZIP;
            case "tar" -> ArchiveEntries.typeOf(file) == FileType.TAR;
            default -> false;
        };
    }
}
