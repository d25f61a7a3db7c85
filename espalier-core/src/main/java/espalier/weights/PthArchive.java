package espalier.weights;

import espalier.files.Bytes;
import espalier.report.PlainText;
import espalier.weights.Pickle.PickleException;
import espalier.weights.PthObjects.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The zip format of {@code torch.save}: {@code NAME/data.pkl} with the pickle, {@code NAME/data/KEY} with the
 * bytes of each storage, {@code NAME/byteorder}. Entries are never compressed there, so an entry cannot be
 * larger than the file, and all together cannot be either.
 */
final class PthArchive implements AutoCloseable {
    static final int MAX_PICKLE = 1 << 24;
    private static final int MAX_ENTRIES = 200_000;
    private static final String PICKLE = "/data.pkl";

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries;
    private final String prefix;
    private long budget;

    private PthArchive(ZipFile zip, Map<String, ZipEntry> entries, String prefix, long budget) {
        this.zip = zip;
        this.entries = entries;
        this.prefix = prefix;
        this.budget = budget;
    }

    /**
     * Opens an archive and checks its list of entries.
     *
     * @throws PickleException when it is an archive of something else
     */
    static PthArchive open(Path path, long fileSize) throws IOException, PickleException {
        var zip = new ZipFile(path.toFile());
        try {
            if (zip.size() > MAX_ENTRIES) {
                throw new PickleException("it has more than " + MAX_ENTRIES + " entries");
            }
            Map<String, ZipEntry> entries = new HashMap<>();
            for (var entry : Collections.list(zip.entries())) {
                if (entries.put(entry.getName(), entry) != null) {
                    throw new PickleException("the entry " + PlainText.quoted(entry.getName()) + " is there twice");
                }
            }
            return new PthArchive(zip, entries, prefix(entries), fileSize);
        } catch (IllegalArgumentException badName) {
            zip.close();
            throw new PickleException("an entry's name is damaged: " + badName.getMessage());
        } catch (Throwable failure) {
            zip.close();
            throw failure;
        }
    }

    private static String prefix(Map<String, ZipEntry> entries) throws PickleException {
        String prefix = null;
        for (String name : entries.keySet()) {
            if (name.endsWith("/constants.pkl") || name.contains("/code/")) {
                throw new PickleException("it is a TorchScript program, which is code");
            }
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                if (prefix != null) {
                    throw new PickleException("it has two pickles");
                }
                prefix = name.substring(0, name.length() - PICKLE.length());
            }
        }
        if (prefix == null) {
            throw new PickleException("it is a zip file, but was not written by torch.save");
        }
        return prefix;
    }

    /** The pickle that describes the content. */
    Bytes pickle() throws IOException, PickleException {
        ZipEntry entry = entry(prefix + PICKLE);
        if (entry.getSize() > MAX_PICKLE) {
            throw new PickleException(
                    "its pickle has %d bytes; at most %d are possible".formatted(entry.getSize(), MAX_PICKLE));
        }
        return Bytes.of(read(entry));
    }

    /** The bytes of a storage. */
    ByteBuffer storage(Storage storage) throws IOException, PickleException {
        ZipEntry entry = entry(prefix + "/data/" + storage.key());
        if (entry.getSize() != storage.bytes()) {
            throw new PickleException("the storage %s should have %d bytes, but has %d"
                    .formatted(PlainText.quoted(storage.key()), storage.bytes(), entry.getSize()));
        }
        return read(entry);
    }

    /** Whether the bytes of each element come with the highest first; files before PyTorch 2.1 do not say, and do not. */
    boolean isBigEndian() throws IOException, PickleException {
        String name = prefix + "/byteorder";
        if (!entries.containsKey(name)) {
            return false;
        }
        String order = StandardCharsets.UTF_8.decode(read(entry(name))).toString();
        return switch (order) {
            case "little" -> false;
            case "big" -> true;
            default -> throw new PickleException("its byte order is " + PlainText.quoted(order));
        };
    }

    private ZipEntry entry(String name) throws PickleException {
        return Optional.ofNullable(entries.get(name))
                .orElseThrow(() -> new PickleException("it lacks the entry " + PlainText.quoted(name)));
    }

    private ByteBuffer read(ZipEntry entry) throws IOException, PickleException {
        String name = PlainText.quoted(entry.getName());
        if (entry.getMethod() != ZipEntry.STORED || entry.getCompressedSize() != entry.getSize()) {
            throw new PickleException("the entry " + name + " is compressed, which torch.save never does");
        }
        budget -= entry.getSize();
        if (entry.getSize() < 0 || entry.getSize() > Integer.MAX_VALUE || budget < 0) {
            throw new PickleException("the entries claim more bytes than the file has, " + name + " among them");
        }
        ByteBuffer content = ByteBuffer.allocateDirect((int) entry.getSize());
        byte[] chunk = new byte[1 << 16];
        var crc = new CRC32();
        try (InputStream in = zip.getInputStream(entry)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (count > content.remaining()) {
                    throw new PickleException("the entry " + name + " is longer than it says");
                }
                content.put(chunk, 0, count);
                crc.update(chunk, 0, count);
            }
        }
        if (content.hasRemaining()) {
            throw new PickleException("the entry " + name + " is shorter than it says");
        }
        if (crc.getValue() != entry.getCrc()) {
            throw new PickleException("the entry " + name + " is damaged or lies about its size: its checksum differs");
        }
        return content.flip();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
