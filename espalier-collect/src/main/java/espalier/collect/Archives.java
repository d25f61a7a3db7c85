package espalier.collect;

import espalier.files.CannotWriteException;
import espalier.files.Folders;
import espalier.files.MadeFolders;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
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
 * twice; what would become a note of Espalier's own in {@code .espalier}; encrypted entries; sizes or checksums that lie; more entries, bytes or growth than allowed.
 *
 * @param directory where the content goes; made when missing
 * @param maxBytes the most bytes extracted, 200 GB
 * @param maxEntries the most entries, nested ones included, 500,000
 * @param maxRatio how many times larger than the archive its content may be, 200
 * @param alwaysBytes how many bytes are allowed whatever the growth, 64 MB; none when {@link #maxRatio(int)} was set
 * @param skipBad leaves forbidden entries out and reports them, instead of refusing the archive
 * @param progress hears of the bytes extracted
 */
public record Archives(
        Path directory,
        long maxBytes,
        int maxEntries,
        int maxRatio,
        long alwaysBytes,
        boolean skipBad,
        Progress progress) {
    static final String STAGING = ".espalier-extract-";
    private static final int DEEPEST = 3;

    /**
     * What an extraction gave.
     *
     * @param files how many files
     * @param bytes how many bytes they hold
     * @param rejected entries left out
     * @param warnings what is odd about the archive, though nothing of it is missing
     */
    public record Extracted(int files, long bytes, List<Rejected> rejected, List<String> warnings) {
        public Extracted {
            rejected = List.copyOf(rejected);
            warnings = List.copyOf(warnings);
        }
    }

    /** Extraction into {@code directory} with the limits above. */
    public static Archives into(Path directory) {
        return new Archives(directory, 200_000_000_000L, 500_000, 200, 64_000_000, false, Progress.NONE);
    }

    /** These rules with another limit of bytes. */
    public Archives maxBytes(long bytes) {
        return new Archives(directory, bytes, maxEntries, maxRatio, alwaysBytes, skipBad, progress);
    }

    /** These rules with another limit of entries. */
    public Archives maxEntries(int entries) {
        return new Archives(directory, maxBytes, entries, maxRatio, alwaysBytes, skipBad, progress);
    }

    /** These rules with another limit of growth, which small archives obey too. */
    public Archives maxRatio(int times) {
        return new Archives(directory, maxBytes, maxEntries, times, 0, skipBad, progress);
    }

    /** These rules, leaving forbidden entries out instead of refusing the archive. */
    public Archives skippingBad() {
        return new Archives(directory, maxBytes, maxEntries, maxRatio, alwaysBytes, true, progress);
    }

    /** These rules, telling {@code listener} of the bytes extracted. */
    public Archives progress(Progress listener) {
        return new Archives(directory, maxBytes, maxEntries, maxRatio, alwaysBytes, skipBad, listener);
    }

    /**
     * Extracts {@code archive}. Files that are there already with the same content stay; one with other
     * content stops the extraction before anything is moved. A tar without its end mark counts as cut off; with
     * {@link #skippingBad()} what it holds is extracted, as of one cut off in the middle of a file, and its missing end
     * is among the rejected. Names that are no UTF-8 are read as code page 437 (zip) or Windows-1252 (tar), and warned of.
     *
     * @throws DataException when the archive is broken, cut off, hostile, too large or of no known type; nothing is
     *     left then
     * @throws espalier.files.CannotWriteException when the folder cannot be made or written
     * @throws InterruptedIOException when the thread is interrupted; nothing is left then
     * @throws IOException when the archive cannot be read
     */
    public Extracted extract(Path archive) throws IOException {
        FileType type = checkedType(archive);
        if (!type.isArchive()) {
            throw new DataException(archive + " is no archive that can be opened, but " + type.words()
                    + ". Expected zip, tar, 7z, gz, bz2 or xz. Maybe the download gave an error page.");
        }
        var made = MadeFolders.make(directory);
        try {
            return extractBeside(archive);
        } catch (InterruptedIOException stopped) {
            throw stopped;
        } catch (IOException disk) { // reading the archive fails otherwise: as broken
            throw CannotWriteException.of(directory, disk);
        } finally {
            made.removeEmpty();
        }
    }

    private static FileType checkedType(Path archive) throws IOException {
        if (!Files.isRegularFile(archive)) {
            throw new DataException(
                    Files.isDirectory(archive)
                            ? archive + " is a folder, expected an archive. Maybe one of the files in it was meant."
                            : "There is no archive " + archive + ". Maybe the name is misspelt.");
        }
        try {
            return ArchiveEntries.typeOf(archive);
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    "cannot read " + archive + ": permission denied. Maybe it belongs to another user.", denied);
        }
    }

    private Extracted extractBeside(Path archive) throws IOException {
        Path name = archive.toAbsolutePath().getFileName();
        Path staging = directory.resolve(
                STAGING + Integer.toHexString(String.valueOf(name).hashCode()));
        Folders.delete(staging); // of a run that was killed
        try {
            // Real, because names are compared with it: the target may be written with "." or ".."
            Path content = Files.createDirectories(staging.resolve("content")).toRealPath();
            var budget = new ArchiveBudget(this, Files.size(archive), archive);
            var place = new Staging(content, budget);
            place.extract(archive, content);
            unpackNested(content, place, 1);
            budget.checkSomethingCame();
            place.publish(directory);
            return new Extracted(budget.files(), budget.kept(), budget.rejected(), budget.warnings());
        } finally {
            Folders.delete(staging);
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
