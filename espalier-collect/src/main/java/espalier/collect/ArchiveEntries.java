package espalier.collect;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** The entries of an archive one after the other, whatever its format. */
interface ArchiveEntries extends AutoCloseable {
    int MEMORY_KIB = 512 * 1024;

    /**
     * One entry.
     *
     * @param size the declared size, -1 when unknown
     * @param crc the declared CRC-32, -1 when unknown
     * @param fault why it cannot be extracted whatever its name; empty when it can
     */
    record Entry(String name, boolean directory, long size, long crc, String fault) {}

    /** The next entry; empty at the end. */
    Optional<Entry> next() throws IOException;

    /** The content of the entry that {@link #next} gave last. */
    InputStream content() throws IOException;

    @Override
    void close() throws IOException;

    /** Opens {@code file}; a bare gz, bz2 or xz holds one entry, named like it without the last ending. */
    static ArchiveEntries open(Path file, ArchiveBudget budget) throws IOException {
        FileType type = typeOf(file);
        if (type == FileType.ZIP) {
            ZipDirectory.check(file, budget);
            return new Zip(file, budget);
        }
        if (type == FileType.SEVEN_ZIP) {
            return new SevenZip(file);
        }
        var raw = new Watched(Files.newInputStream(file));
        InputStream in = new BufferedInputStream(raw, 1 << 16);
        try {
            if (type == FileType.TAR) {
                return new TarEntries(in, budget, () -> raw.exhausted);
            }
            var unpacked = new BufferedInputStream(unpack(in, type), 1 << 16);
            unpacked.mark(1024);
            byte[] head = unpacked.readNBytes(512);
            unpacked.reset();
            return isTar(head)
                    ? new TarEntries(unpacked, budget, () -> raw.exhausted)
                    : new Single(bareName(file), unpacked);
        } catch (IOException | RuntimeException failure) {
            in.close();
            throw failure;
        }
    }

    /** The type of {@code file}, seeing also tars of before 1988, which have no mark but a checksum. */
    static FileType typeOf(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(FileType.HEAD);
            FileType type = FileType.of(head);
            return !type.isArchive() && isTar(head) ? FileType.TAR : type;
        }
    }

    private static boolean isTar(byte[] head) {
        return head.length >= 512
                && head[0] != 0
                && org.apache.commons.compress.archivers.tar.TarUtils.verifyCheckSum(
                        java.util.Arrays.copyOf(head, 512));
    }

    private static InputStream unpack(InputStream in, FileType type) throws IOException {
        return switch (type) {
            case GZIP ->
                GzipCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .get();
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            default -> new XZInputStream(in, MEMORY_KIB);
        };
    }

    private static String bareName(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name + ".unpacked";
    }

    /** A file that knows whether more was asked for than there is. */
    final class Watched extends FilterInputStream {
        private boolean exhausted;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            exhausted |= value < 0;
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            exhausted |= count < 0;
            return count;
        }
    }

    /** A zip, read by its central directory. */
    final class Zip implements ArchiveEntries {
        private final ZipFile zip;
        private final Iterator<ZipArchiveEntry> entries;
        private final ArchiveBudget budget;
        private ZipArchiveEntry current = new ZipArchiveEntry("");

        Zip(Path file, ArchiveBudget budget) throws IOException {
            this.zip = ZipFile.builder()
                    .setPath(file)
                    .setCharset(StandardCharsets.ISO_8859_1) // for names that name() reads again
                    .get();
            this.budget = budget;
            this.entries = zip.getEntriesInPhysicalOrder().asIterator();
        }

        @Override
        public Optional<Entry> next() {
            if (!entries.hasNext()) {
                return Optional.empty();
            }
            current = entries.next();
            String fault = current.isUnixSymlink()
                    ? "is a link"
                    : current.getGeneralPurposeBit().usesEncryption()
                            ? "is encrypted"
                            : zip.canReadEntryData(current) ? "" : "is packed in a way that is not known";
            return Optional.of(
                    new Entry(name(current), current.isDirectory(), current.getSize(), current.getCrc(), fault));
        }

        private String name(ZipArchiveEntry entry) {
            byte[] raw = entry.getRawName();
            if (raw == null || entry.getNameSource() == ZipArchiveEntry.NameSource.UNICODE_EXTRA_FIELD) {
                return entry.getName();
            }
            return EntryNames.utf8(raw) // many programs write UTF-8 without saying so
                    .orElseGet(() -> budget.guessed(EntryNames.cp437(raw), "code page 437, as of zip"));
        }

        @Override
        public InputStream content() throws IOException {
            return zip.getInputStream(current);
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    /** A 7z. */
    final class SevenZip implements ArchiveEntries {
        private static final int UNIX = 0x8000;
        private static final int KIND = 0xF000;
        private static final int FILE = 0x8000;
        private static final int FOLDER = 0x4000;

        private final SevenZFile sevenZip;

        SevenZip(Path file) throws IOException {
            this.sevenZip = SevenZFile.builder()
                    .setPath(file)
                    .setMaxMemoryLimitKiB(MEMORY_KIB)
                    .get();
        }

        @Override
        public Optional<Entry> next() throws IOException {
            SevenZArchiveEntry entry = sevenZip.getNextEntry();
            if (entry == null) {
                return Optional.empty();
            }
            String name = entry.getName() == null ? sevenZip.getDefaultName() : entry.getName();
            long crc = entry.getHasCrc() ? entry.getCrcValue() : -1;
            return Optional.of(new Entry(name, entry.isDirectory(), entry.getSize(), crc, fault(entry)));
        }

        private static String fault(SevenZArchiveEntry entry) {
            if (entry.isAntiItem()) {
                return "asks to delete a file";
            }
            int attributes = entry.getHasWindowsAttributes() ? entry.getWindowsAttributes() : 0;
            int kind = (attributes & UNIX) == 0 ? FILE : attributes >>> 16 & KIND;
            return kind == FILE || kind == FOLDER || kind == 0 ? "" : "is a link or device";
        }

        @Override
        public InputStream content() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    return sevenZip.read();
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    return sevenZip.read(buffer, offset, length);
                }
            };
        }

        @Override
        public void close() throws IOException {
            sevenZip.close();
        }
    }

    /** One packed file. */
    final class Single implements ArchiveEntries {
        private final String name;
        private final InputStream in;
        private boolean given;

        Single(String name, InputStream in) {
            this.name = name;
            this.in = in;
        }

        @Override
        public Optional<Entry> next() {
            boolean first = !given;
            given = true;
            return first ? Optional.of(new Entry(name, false, -1, -1, "")) : Optional.empty();
        }

        @Override
        public InputStream content() {
            return in;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
