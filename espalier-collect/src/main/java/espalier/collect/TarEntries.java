package espalier.collect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a tar, unpacked or not. A tar has no directory: only its end mark, two blocks of zeros, tells that
 * nothing is missing, so one without any mark counts as cut off (GNU tar takes it in silence). A single block of zeros
 * at the very end is warned of, as by GNU tar; one with something behind it is no end.
 *
 * <p>Nor does a tar say what its names are written in, unless they are in a pax header: then it is UTF-8.
 */
final class TarEntries implements ArchiveEntries {
    private final Reader tar;
    private final ArchiveBudget budget;
    private final BooleanSupplier exhausted;

    /** @param exhausted tells whether all of the file has been read */
    TarEntries(InputStream in, ArchiveBudget budget, BooleanSupplier exhausted) {
        this.tar = new Reader(in);
        this.budget = budget;
        this.exhausted = exhausted;
    }

    @Override
    public Optional<Entry> next() throws IOException {
        tar.pax = false;
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
        return Optional.of(new Entry(name(entry.getName()), entry.isDirectory(), entry.getSize(), -1, fault));
    }

    private String name(String read) {
        boolean broken = read.indexOf('\uFFFD') >= 0; // GNU tar puts there what it cannot translate
        boolean fromPax = tar.pax && !tar.isInHeader(read);
        if (fromPax && !(broken && tar.hasForeignName())) {
            return read;
        }
        byte[] bytes = (fromPax ? tar.field(0, 100) : read).getBytes(StandardCharsets.ISO_8859_1);
        return EntryNames.utf8(bytes)
                .orElseGet(() -> budget.guessed(EntryNames.western(bytes), "Western (Windows-1252)"));
    }

    /** Whether a failure to read on comes from the end of the file rather than from what is in it. */
    boolean exhausted() {
        return exhausted.getAsBoolean();
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

    /**
     * Notes what headers and the end looked like, which the class above keeps to itself. It reads names as ISO 8859-1,
     * from which their bytes can be had again.
     */
    private static final class Reader extends TarArchiveInputStream {
        private byte[] header = new byte[0];
        private boolean pax;
        private int marks;
        private boolean ended;

        Reader(InputStream in) {
            super(in, StandardCharsets.ISO_8859_1.name());
        }

        @Override
        protected boolean isEOFRecord(byte @Nullable [] block) {
            boolean end = super.isEOFRecord(block);
            if (block == null) {
                ended = true;
            } else if (end) {
                marks++;
            } else {
                header = block.clone();
                pax |= block[156] == 'x' || block[156] == 'X';
            }
            return end;
        }

        /** Whether {@code name} stands in the entry's own header, not in one before it. */
        boolean isInHeader(String name) {
            String last = field(0, 100);
            String whole = field(345, 155) + "/" + last;
            return name.equals(last) || name.equals(last + "/") || name.equals(whole) || name.equals(whole + "/");
        }

        /** Whether the entry's own header has a name that is whole and not in ASCII. */
        boolean hasForeignName() {
            String last = field(0, 100);
            return last.length() < 100
                    && field(345, 155).isEmpty()
                    && last.chars().anyMatch(c -> c > 0x7F);
        }

        private String field(int from, int length) {
            return new String(header, from, length, StandardCharsets.ISO_8859_1).replaceFirst("(?s)\0.*", "");
        }
    }
}
