package espalier.weights;

import espalier.format.DType;
import espalier.format.RawTensor;
import espalier.report.PlainText;
import espalier.weights.Pickle.Global;
import espalier.weights.Pickle.PickleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The only things that a {@code .pth} file may ask for: ordered dictionaries, sizes, element types, storages,
 * and tensors and parameters as views of storages.
 */
final class PthObjects implements Pickle.Builder {
    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String TYPED_TENSOR = "torch._utils._rebuild_tensor_v3";
    private static final String SIZE = "torch.Size";
    private static final Map<String, DType> STORAGES = Map.ofEntries(
            Map.entry("BoolStorage", DType.BOOL),
            Map.entry("ByteStorage", DType.UINT8),
            Map.entry("CharStorage", DType.INT8),
            Map.entry("ShortStorage", DType.INT16),
            Map.entry("IntStorage", DType.INT32),
            Map.entry("LongStorage", DType.INT64),
            Map.entry("HalfStorage", DType.FLOAT16),
            Map.entry("BFloat16Storage", DType.BFLOAT16),
            Map.entry("FloatStorage", DType.FLOAT32),
            Map.entry("DoubleStorage", DType.FLOAT64));

    /** A block of bytes that tensors are views of, by the name under which the file keeps it. */
    record Storage(String key, DType dtype, long bytes) {}

    private final Map<String, Storage> storages = new LinkedHashMap<>();

    /** The storages that were referred to, by their key. */
    Map<String, Storage> storages() {
        return storages;
    }

    @Override
    public boolean knows(String name) {
        return switch (name) {
            case DICTIONARY, PARAMETER, TENSOR, TYPED_TENSOR, SIZE -> true;
            default -> storageType(name).isPresent() || elementType(name).isPresent();
        };
    }

    @Override
    public Object call(String name, List<?> arguments) throws PickleException {
        switch (name) {
            case DICTIONARY -> {
                require(arguments.isEmpty(), name);
                return new LinkedHashMap<>();
            }
            case SIZE -> {
                require(arguments.size() == 1 && arguments.get(0) instanceof List<?>, name);
                return arguments.get(0);
            }
            case PARAMETER -> {
                require(arguments.size() == 3 && arguments.get(0) instanceof TensorView, name);
                return arguments.get(0);
            }
            case TENSOR -> {
                require((arguments.size() == 6 || arguments.size() == 7), name);
                return view(name, arguments, Optional.empty());
            }
            case TYPED_TENSOR -> {
                require((arguments.size() == 7 || arguments.size() == 8) && arguments.get(6) instanceof Global, name);
                return view(name, arguments, elementType(((Global) arguments.get(6)).name()));
            }
            default -> throw new PickleException("it calls " + name + ", which is not a function");
        }
    }

    private static TensorView view(String name, List<?> arguments, Optional<DType> dtype) throws PickleException {
        require(arguments.get(0) instanceof Storage && arguments.get(1) instanceof Long, name);
        Storage storage = (Storage) arguments.get(0);
        return new TensorView(
                storage,
                dtype.orElse(storage.dtype()),
                (Long) arguments.get(1),
                numbers(name, arguments.get(2)),
                numbers(name, arguments.get(3)));
    }

    private static List<Long> numbers(String name, Object value) throws PickleException {
        require(value instanceof List<?> list && list.size() <= RawTensor.MAX_DIMS, name);
        List<Long> numbers = new ArrayList<>();
        for (Object number : (List<?>) value) {
            require(number instanceof Long, name);
            numbers.add((Long) number);
        }
        return List.copyOf(numbers);
    }

    /** {@code ("storage", type, key, device, count)}, with None behind it in legacy files. */
    @Override
    public Object persistent(Object id) throws PickleException {
        String what = "a storage";
        require(id instanceof List<?> list && (list.size() == 5 || list.size() == 6), what);
        List<?> parts = (List<?>) id;
        require(
                "storage".equals(parts.get(0))
                        && parts.get(1) instanceof Global
                        && parts.get(2) instanceof String
                        && parts.get(4) instanceof Long,
                what);
        require(parts.size() == 5 || parts.get(5) == Pickle.NONE, "a storage within a storage");
        String type = ((Global) parts.get(1)).name();
        String key = (String) parts.get(2);
        long count = (Long) parts.get(4);
        DType dtype = storageType(type).orElseThrow(() -> new PickleException("it takes " + type + " for a storage"));
        if (count < 0 || count > Integer.MAX_VALUE / dtype.bytes()) {
            throw new PickleException("the storage %s has %d elements of %s; at most 2 GB can be read at once"
                    .formatted(PlainText.quoted(key), count, dtype.torchName()));
        }
        var storage = new Storage(key, dtype, count * dtype.bytes());
        Storage before = storages.putIfAbsent(key, storage);
        if (before != null && !before.equals(storage)) {
            throw new PickleException("the storage " + PlainText.quoted(key) + " is described in two ways");
        }
        return storage;
    }

    private static Optional<DType> storageType(String name) {
        if (name.equals("torch.storage.UntypedStorage") || name.equals("torch.UntypedStorage")) {
            return Optional.of(DType.UINT8); // counted in bytes; the tensor brings its own type
        }
        for (String prefix : List.of("torch.cuda.", "torch.")) {
            if (name.startsWith(prefix)) {
                return Optional.ofNullable(STORAGES.get(name.substring(prefix.length())));
            }
        }
        return Optional.empty();
    }

    private static Optional<DType> elementType(String name) {
        for (DType dtype : DType.values()) {
            if (name.equals("torch." + dtype.torchName())) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    private static void require(boolean condition, String what) throws PickleException {
        if (!condition) {
            throw new PickleException("it builds " + what + " from the wrong parts");
        }
    }
}
