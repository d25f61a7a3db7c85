package espalier.weights;

import espalier.files.Bytes;
import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.report.PlainText;
import espalier.weights.Pickle.PickleException;
import espalier.weights.PthObjects.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader of the weights in files of PyTorch's {@code torch.save}: state dicts, in the zip format and in the
 * stream format that came before it (PyTorch 0.4 to 1.5).
 *
 * <p>Such files hold a Python pickle, a program that could run anything. This reader runs nothing: it knows
 * the few things a state dict needs and refuses every other request by its name. It reads the file only.
 */
public final class PthReader {

    private static final Logger LOG = LoggerFactory.getLogger(PthReader.class);
    private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long LEGACY_PROTOCOL = 1001;
    private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");
    private static final String ADVICE =
            " Maybe save it again in Python: torch.save(model.state_dict(), \"weights.pth\").";

    private PthReader() {}

    /**
     * Reads the tensors of a state dict, in the order of the file. A dictionary that keeps the state dict under
     * {@code "state_dict"}, {@code "model_state_dict"} or {@code "model"} is unwrapped; values that are not
     * tensors are left out with a warning.
     *
     * @throws ModelFileException when the file is missing, damaged, of another format, or asks to run anything
     */
    public static Map<String, RawTensor> read(Path path) {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Bytes source = Bytes.of(channel);
            return isZip(source) ? readZip(path, source.size()) : readLegacy(path, source);
        } catch (NoSuchFileException missing) {
            throw new ModelFileException(path + ": there is no such file. Maybe the path is mistyped.", missing);
        } catch (PickleException wrong) {
            throw new ModelFileException(path + ": not loaded: " + wrong.getMessage() + "." + ADVICE, wrong);
        } catch (EOFException | ZipException damaged) {
            throw new ModelFileException(
                    path + ": damaged: " + damaged.getMessage() + ". Maybe it was not downloaded to its end.", damaged);
        } catch (IOException failure) {
            throw new ModelFileException(
                    path + ": cannot be read: " + failure.getMessage()
                            + ". Maybe it is a folder, or you may not read it.",
                    failure);
        }
    }

    private static boolean isZip(Bytes source) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(4, source.size()));
        source.read(0, start);
        return start.limit() == 4 && start.getInt(0) == 0x504b0304;
    }

    private static Map<String, RawTensor> readZip(Path path, long fileSize) throws IOException, PickleException {
        try (var archive = PthArchive.open(path, fileSize)) {
            Bytes pickle = archive.pickle();
            var objects = new PthObjects();
            Object content = Pickle.read(new PickleInput(pickle, 0, pickle.size()), objects);
            Map<String, ByteBuffer> contents = new HashMap<>();
            for (Storage storage : objects.storages().values()) {
                contents.put(storage.key(), archive.storage(storage));
            }
            return tensors(path, stateDict(content), contents, archive.isBigEndian(), fileSize);
        }
    }

    /** The stream: magic number, protocol, description of the machine, content, keys, then each storage's bytes. */
    private static Map<String, RawTensor> readLegacy(Path path, Bytes source) throws IOException, PickleException {
        var in = new PickleInput(source, 0, Math.min(source.size(), PthArchive.MAX_PICKLE));
        var objects = new PthObjects();
        if (source.size() < 16 || !LEGACY_MAGIC.equals(Pickle.read(in, objects))) {
            throw new PickleException("it was not written by torch.save");
        }
        if (!Long.valueOf(LEGACY_PROTOCOL).equals(Pickle.read(in, objects))) {
            throw new PickleException("it is of an unknown version of torch.save");
        }
        if (!(Pickle.read(in, objects) instanceof Map<?, ?> machine)
                || !Boolean.TRUE.equals(machine.get("little_endian"))) {
            throw new PickleException("it was not written on a little-endian machine");
        }
        Object content = Pickle.read(in, objects);
        if (!(Pickle.read(in, objects) instanceof List<?> keys)) {
            throw new PickleException("it lacks the list of its storages");
        }
        Map<String, ByteBuffer> contents = readStorages(source, in.position(), keys, objects.storages());
        return tensors(path, stateDict(content), contents, false, source.size());
    }

    private static Map<String, ByteBuffer> readStorages(
            Bytes source, long begin, List<?> keys, Map<String, Storage> storages) throws IOException, PickleException {
        Map<String, ByteBuffer> contents = new HashMap<>();
        long at = begin;
        for (Object key : keys) {
            Storage storage = key instanceof String name ? storages.get(name) : null;
            if (storage == null || contents.containsKey(storage.key())) {
                throw new PickleException("its list of storages does not fit its tensors");
            }
            ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            source.read(at, count);
            if (count.getLong(0) != storage.bytes() / storage.dtype().bytes()
                    || storage.bytes() > source.size() - at - 8) {
                throw new PickleException("the storage %s should have %d bytes, but is cut short or of another size"
                        .formatted(PlainText.quoted(storage.key()), storage.bytes()));
            }
            ByteBuffer content = ByteBuffer.allocateDirect((int) storage.bytes());
            source.read(at + 8, content);
            contents.put(storage.key(), content.flip());
            at += 8 + storage.bytes();
        }
        if (contents.size() != storages.size()) {
            throw new PickleException("it lacks storages that its tensors refer to");
        }
        return contents;
    }

    private static Map<?, ?> stateDict(Object content) throws PickleException {
        if (!(content instanceof Map<?, ?> map)) {
            throw new PickleException("it holds no state dict");
        }
        for (String wrapper : WRAPPERS) {
            if (map.get(wrapper) instanceof Map<?, ?> inner) {
                return inner;
            }
        }
        return map;
    }

    private static Map<String, RawTensor> tensors(
            Path path, Map<?, ?> state, Map<String, ByteBuffer> contents, boolean bigEndian, long fileSize)
            throws PickleException {
        // Views may share a storage, so copies of them may be larger than the file; but not without end.
        long budget = Math.max(1 << 26, 4 * fileSize);
        Map<String, RawTensor> tensors = new LinkedHashMap<>();
        List<String> leftOut = new ArrayList<>();
        for (var entry : state.entrySet()) {
            if (entry.getKey() instanceof String name && entry.getValue() instanceof TensorView view) {
                ByteBuffer content =
                        Objects.requireNonNull(contents.get(view.storage().key()));
                RawTensor tensor = view.read(content, bigEndian, budget);
                if (view.isCopied(bigEndian)) {
                    budget -= tensor.data().remaining();
                }
                tensors.put(name, tensor);
            } else {
                leftOut.add(String.valueOf(entry.getKey()));
            }
        }
        if (!leftOut.isEmpty()) {
            LOG.warn(
                    "{}: left out {} of {} values that are not tensors, such as {}",
                    PlainText.line(path.toString()),
                    leftOut.size(),
                    state.size(),
                    PlainText.quoted(leftOut.get(0)));
        }
        if (tensors.isEmpty()) {
            throw new PickleException("it holds no tensors");
        }
        return Collections.unmodifiableMap(tensors);
    }
}
