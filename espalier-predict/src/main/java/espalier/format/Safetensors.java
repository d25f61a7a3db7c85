package espalier.format;

import espalier.files.AtomicFiles;
import espalier.files.Bytes;
import espalier.files.CannotWriteException;
import espalier.files.Sha256;
import espalier.format.SafetensorsHeader.Entry;
import espalier.format.SafetensorsHeader.HeaderException;
import espalier.report.PlainText;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An open safetensors file, or one held in memory: named tensors and text metadata, no code.
 *
 * <p>Opening reads and checks the header only; a tensor's bytes are read when asked for. A file that is
 * replaced while open keeps giving its old content, one that is cut short gives an exception.
 *
 * <pre>{@code
 * try (var file = Safetensors.open(Path.of("model.safetensors"))) {
 *     RawTensor weight = file.tensor("fc.weight");
 * }
 * }</pre>
 *
 * <p>The format is that of <a href="https://github.com/huggingface/safetensors">safetensors</a>. Stricter
 * than the original: at most 100,000 tensors, names of at most 1,000 characters, only the ten types of
 * {@link DType}. Safe for use by many threads at once.
 */
public final class Safetensors implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final String file;
    private final Bytes source;
    private final SafetensorsHeader header;
    private final @Nullable FileChannel channel;

    private Safetensors(String file, Bytes source, @Nullable FileChannel channel) {
        this.file = file;
        this.source = source;
        this.channel = channel;
        this.header = readHeader();
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws ModelFileException when there is no such file or it breaks a rule of the format
     */
    public static Safetensors open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                return new Safetensors(path.toString(), Bytes.of(channel), channel);
            } catch (Throwable failure) {
                channel.close();
                throw failure;
            }
        } catch (NoSuchFileException missing) {
            throw new ModelFileException(path + ": there is no such file. Maybe the path is mistyped.", missing);
        } catch (IOException failure) {
            throw unreadable(path.toString(), failure);
        }
    }

    /**
     * Reads a file held in memory, from the buffer's position to its limit.
     *
     * @param name what errors call it
     * @throws ModelFileException when it breaks a rule of the format
     */
    public static Safetensors of(ByteBuffer content, String name) {
        return new Safetensors(name, Bytes.of(content), null);
    }

    private SafetensorsHeader readHeader() {
        try {
            if (source.size() < 8) {
                throw new HeaderException("the file has %d bytes, too few for a header".formatted(source.size()));
            }
            ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            source.read(0, prefix);
            int length = SafetensorsHeader.checkLength(
                    prefix.getLong(0), source.size(), Runtime.getRuntime().maxMemory());
            ByteBuffer json = ByteBuffer.allocate(length);
            source.read(8, json);
            return SafetensorsHeader.parse(length, json.flip(), source.size());
        } catch (HeaderException wrong) {
            throw new ModelFileException(
                    file + ": not a valid safetensors file: " + wrong.getMessage()
                            + ". Maybe it was not downloaded or copied to its end, or it is of another format ('espalier import'"
                            + " reads .pth).",
                    wrong);
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    /** The names of the tensors, in the order of the header. */
    public List<String> names() {
        return List.copyOf(header.entries().keySet());
    }

    /** The texts that the file carries beside its tensors; possibly empty. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Whether there is a tensor of this name. */
    public boolean contains(String name) {
        return header.entries().containsKey(name);
    }

    /** The type of the tensor {@code name}. */
    public DType dtype(String name) {
        return entry(name).dtype();
    }

    /** The shape of the tensor {@code name}. */
    public long[] shape(String name) {
        return entry(name).dims();
    }

    /**
     * Reads the tensor {@code name} into memory of its own, outside the heap.
     *
     * @throws ModelFileException when there is none, it is larger than 2 GB, or the file was cut short meanwhile
     */
    public RawTensor tensor(String name) {
        Entry entry = entry(name);
        if (entry.size() > Integer.MAX_VALUE) {
            throw new ModelFileException("%s: the tensor %s takes %d bytes; at most 2 GB can be read at once."
                            .formatted(file, PlainText.quoted(name), entry.size())
                    + " Maybe it can be stored as float16 or in parts.");
        }
        ByteBuffer data = room((int) entry.size());
        read(name, data);
        return RawTensor.of(entry.dtype(), entry.dims(), data.flip());
    }

    /** Memory outside the heap, of which Java gives as much as the heap may take unless told otherwise. */
    private ByteBuffer room(int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError full) {
            throw new ModelFileException(
                    "%s: its tensors take %d MB, for which Java has no memory left (%d MB in all). Maybe give it more with -Xmx, or the file is damaged."
                            .formatted(
                                    file,
                                    source.size() >> 20,
                                    Runtime.getRuntime().maxMemory() >> 20),
                    full);
        }
    }

    /** Reads all tensors, in the order of {@link #names()}. See {@link #tensor(String)}. */
    public Map<String, RawTensor> tensors() {
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        names().forEach(name -> tensors.put(name, tensor(name)));
        return Collections.unmodifiableMap(tensors);
    }

    /**
     * Reads the bytes of the tensor {@code name} straight into {@code target}, such as the memory of a
     * parameter, which must have exactly the room.
     *
     * @throws IllegalArgumentException when {@code target} has more or less room
     */
    public void read(String name, ByteBuffer target) {
        Entry entry = entry(name);
        if (target.remaining() != entry.size()) {
            throw new IllegalArgumentException("%s: the tensor %s has %d bytes, but got room for %d. Maybe the shapes"
                            .formatted(file, PlainText.quoted(name), entry.size(), target.remaining())
                    + " or types differ.");
        }
        try {
            source.read(dataStart() + entry.begin(), target);
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    /** The SHA-256 of the bytes of all tensors as they lie in the file, without the header, in hexadecimal. */
    public String sha256() {
        var digest = new Sha256();
        update(digest);
        return digest.hex();
    }

    /** Feeds the bytes of all tensors, as they lie in the file, to a digest. */
    void update(Sha256 digest) {
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(source.size(), 1)));
        try {
            for (long at = dataStart(); at < source.size(); at += chunk.limit()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), source.size() - at));
                source.read(at, chunk);
                digest.add(chunk.flip());
            }
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    SafetensorsHeader header() {
        return header;
    }

    /** Gives the file back to the system. Tensors that were read stay valid. */
    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException failure) {
                throw unreadable(file, failure);
            }
        }
    }

    /**
     * Writes a file as a whole: nobody sees half of it, and the same arguments give the same bytes.
     *
     * @param tensors the tensors; their order is that of {@link #names()} later
     * @param metadata texts to carry along, possibly empty
     * @throws ModelFileException when it cannot be written
     */
    public static void write(Path path, Map<String, RawTensor> tensors, Map<String, String> metadata) {
        SafetensorsHeader header = SafetensorsHeader.layout(tensors, metadata);
        ByteBuffer head = header.encode();
        if (head.limit() - 8 > SafetensorsHeader.MAX_LENGTH || tensors.size() > SafetensorsHeader.MAX_TENSORS) {
            throw new ModelFileException(
                    path + ": too many tensors or too much metadata for a safetensors file. Maybe store less.");
        }
        try {
            AtomicFiles.writeChannel(path, out -> {
                writeFully(out, head);
                for (String name : header.byPlace()) {
                    writeFully(out, Objects.requireNonNull(tensors.get(name)).data());
                }
            });
        } catch (CannotWriteException told) {
            long bytes = head.limit()
                    + tensors.values().stream()
                            .mapToLong(one -> one.data().limit())
                            .sum();
            var needing = told.needing(bytes);
            throw new ModelFileException(String.valueOf(needing.getMessage()), needing);
        } catch (IOException failure) {
            throw new ModelFileException(
                    path + ": cannot be written: " + failure.getMessage()
                            + ". Maybe the disk is full or the directory is read-only.",
                    failure);
        }
    }

    /** The SHA-256 that {@link #sha256()} gives for a file written with these tensors. */
    public static String sha256(Map<String, RawTensor> tensors) {
        var digest = new Sha256();
        for (String name : SafetensorsHeader.layout(tensors, Map.of()).byPlace()) {
            digest.add(Objects.requireNonNull(tensors.get(name)).data());
        }
        return digest.hex();
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private Entry entry(String name) {
        Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new ModelFileException("%s: there is no tensor %s among its %d. Maybe it is a model of another kind."
                    .formatted(file, PlainText.quoted(name), header.entries().size()));
        }
        return entry;
    }

    private long dataStart() {
        return 8L + header.length();
    }

    private static ModelFileException unreadable(String file, IOException failure) {
        String advice = failure instanceof EOFException
                ? "Maybe it was cut short while open."
                : "Maybe it is a folder, or you may not read it.";
        return new ModelFileException(file + ": cannot be read: " + failure.getMessage() + ". " + advice, failure);
    }

    @Override
    public String toString() {
        return file + " (" + header.entries().size() + " tensors)";
    }
}
