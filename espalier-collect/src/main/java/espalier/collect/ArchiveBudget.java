package espalier.collect;

import espalier.report.DataException;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What one extraction may still use, shared by all archives nested in each other, and what it left out. */
final class ArchiveBudget {
    private final Archives rules;
    private final Path archive;
    private final long byRatio;
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int guessed;
    private boolean cut;
    private long written;
    private long kept;
    private int entries;
    private int files;

    ArchiveBudget(Archives rules, long archiveBytes, Path archive) {
        this.rules = rules;
        this.archive = archive;
        this.byRatio = Math.max(
                rules.alwaysBytes(),
                archiveBytes > Long.MAX_VALUE / rules.maxRatio() ? Long.MAX_VALUE : archiveBytes * rules.maxRatio());
    }

    int maxEntries() {
        return rules.maxEntries();
    }

    /** One entry more, of whatever kind. */
    void entry() {
        if (++entries > rules.maxEntries()) {
            throw tooManyEntries();
        }
    }

    DataException tooManyEntries() {
        return stop(
                "it holds more than " + rules.maxEntries() + " entries",
                "it is built to fill the disk; if you trust it, allow more by --max-entries");
    }

    /** {@code count} bytes are about to be written. */
    void bytes(long count) {
        written += count;
        if (written > rules.maxBytes()) {
            throw stop(
                    "its content holds more than " + rules.maxBytes() + " bytes",
                    "it is built to fill the disk; if you trust it, allow more by --max-gb");
        }
        if (written > byRatio) {
            throw stop(
                    "its content is more than " + rules.maxRatio() + " times as large",
                    "it is built to fill the disk; if you trust it, allow more by --max-ratio");
        }
    }

    /** A file was extracted whole. */
    void file(String name, long bytes) {
        files++;
        kept += bytes;
        rules.progress().update(written, -1, name);
    }

    /** A file turned out to be an archive and was replaced by its content. */
    void replaced(long bytes) {
        files--;
        kept -= bytes;
    }

    /** An entry that is forbidden: reported, or the end of the extraction. */
    void bad(String name, String reason) {
        String shown = shorten(name);
        if (!rules.skipBad()) {
            throw stop("its entry " + shown + " " + reason);
        }
        rejected.add(new Rejected(shown, reason));
    }

    /** Something is missing at the end: reported, or the end of the extraction. */
    void cut(String reason) {
        if (!rules.skipBad()) {
            throw stop(reason, "download it again; --skip-bad extracts what is there");
        }
        cut = true;
        rejected.add(new Rejected(String.valueOf(archive.getFileName()), reason));
    }

    /** {@code file} ends in the middle of {@code entry}; gives whether the extraction goes on with what is whole. */
    boolean cutAt(Path file, String entry) {
        if (rules.skipBad()) {
            String what = file.equals(archive) ? "the tar" : file.getFileName() + " in it";
            cut(what + " is cut off " + (entry.isEmpty() ? "" : "at " + shorten(entry) + " ")
                    + "and whatever followed is missing");
        }
        return rules.skipBad();
    }

    /** @throws DataException when the archive is cut off before the end of its first file */
    void checkSomethingCame() {
        if (cut && files == 0) {
            throw stop("it is cut off before anything in it is whole", "download it again");
        }
    }

    /** {@code name}, which is no UTF-8 and was taken for {@code charset}: warned of once, with one example. */
    String guessed(String name, String charset) {
        if (guessed++ == 0) {
            warn("names in it are no UTF-8 and were read as " + charset + ", such as " + shorten(name)
                    + ". Maybe rename the files where that looks wrong.");
        }
        return name;
    }

    /** Something that the user should know and that stops nothing. */
    void warn(String reason) {
        warnings.add(archive + ": " + reason);
    }

    /** How messages call {@code file}: the archive that is extracted, or one found in it. */
    String named(Path file) {
        return file.equals(archive) ? archive.toString() : file.getFileName() + " in " + archive;
    }

    DataException stop(String reason) {
        return stop(reason, "get it from its original source, or see --skip-bad and the limits of extract");
    }

    /** @param maybe what may help, without "Maybe" and full stop */
    DataException stop(String reason, String maybe) {
        return new DataException(archive + " is not extracted: " + reason + ". Maybe " + maybe + ".");
    }

    List<String> warnings() {
        return warnings;
    }

    int files() {
        return files;
    }

    long kept() {
        return kept;
    }

    List<Rejected> rejected() {
        return rejected;
    }

    private static String shorten(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 120 ? clean : clean.substring(0, 117) + "...";
    }
}
