package espalier.collect;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a tar, unpacked or not. A tar has no directory: only its end mark, two blocks of zeros, tells that
 * nothing is missing, so one without any mark counts as cut off (GNU tar takes it in silence). A single block of zeros
 * at the very end is warned of, as by GNU tar; one with something behind it is no end.
 */
final class TarEntries implements ArchiveEntries {
    private final Reader tar;
    private final ArchiveBudget budget;

    TarEntries(InputStream in, ArchiveBudget budget) {
        this.tar = new Reader(in);
        this.budget = budget;
    }

    @Override
    public Optional<Entry> next() throws IOException {
        TarArchiveEntry entry = tar.getNextEntry();
        if (entry == null) {
            checkEnd();
            return Optional.empty();
        }
        String fault = entry.isSymbolicLink() || entry.isLink()
                ? "is a link"
                : entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice()
                        ? "is a device"
                        : tar.canReadEntryData(entry) ? "" : "is stored in a way that is not known";
        return Optional.of(new Entry(entry.getName(), entry.isDirectory(), entry.getSize(), -1, fault));
    }

    private void checkEnd() {
        if (tar.marks == 0) {
            budget.cut("the tar ends without its end mark, as one that is cut off does");
        } else if (tar.marks == 1 && tar.ended) {
            budget.warn("the tar ends with half an end mark; what it lists is whole");
        } else if (tar.marks == 1) {
            budget.cut("the tar has a block of zeros where an entry should be");
        }
    }

    @Override
    public InputStream content() {
        return tar;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** Notes what the end looked like, which the class above keeps to itself. */
    private static final class Reader extends TarArchiveInputStream {
        private int marks;
        private boolean ended;

        Reader(InputStream in) {
            super(in, "UTF-8");
        }

        @Override
        protected boolean isEOFRecord(byte @Nullable [] block) {
            boolean end = super.isEOFRecord(block);
            if (block == null) {
                ended = true;
            } else if (end) {
                marks++;
            }
            return end;
        }
    }
}
