package espalier.weights;

import espalier.format.ModelFileException;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.nn.Module;
import espalier.tensor.Device;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Shape;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The way between the weights of a module and raw tensors of files. */
public final class Weights {
    private Weights() {}

    /**
     * Copies raw tensors into all parameters and buffers of a module, converting their type where it differs.
     *
     * @param source what errors call the origin of the tensors
     * @throws ModelFileException with the {@link WeightDifferences} when names or shapes do not correspond; the
     *     module is then untouched
     */
    public static void load(Module module, Map<String, RawTensor> tensors, String source) {
        Map<String, Tensor> own = module.stateDict();
        Map<String, Shape> expected = new LinkedHashMap<>();
        own.forEach((name, tensor) -> expected.put(name, tensor.shape()));
        Map<String, Shape> actual = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> actual.put(name, Shape.of(tensor.shape())));
        var differences = WeightDifferences.of(expected, actual);
        if (!differences.isEmpty()) {
            throw new ModelFileException(source + ": the weights do not fit: " + differences.message());
        }
        try (var scope = Scope.open();
                var off = Grad.off()) {
            own.forEach((name, tensor) -> {
                RawTensor raw = tensors.get(name);
                if (raw != null) {
                    tensor.copy_(tensor(raw));
                }
            });
        }
    }

    /**
     * The tensors of a file, in safetensors or in one of PyTorch's {@code .pth} formats, whatever it is called.
     *
     * @throws ModelFileException when the file is missing, damaged, of another format, or asks to run anything
     */
    public static Map<String, RawTensor> read(Path file) {
        if (!isSafetensors(file)) {
            return PthReader.read(file);
        }
        try (var opened = Safetensors.open(file)) {
            return opened.tensors();
        }
    }

    /** Safetensors begin with the length of a JSON document, eight bytes, and the document. */
    private static boolean isSafetensors(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(Long.BYTES + 1);
            return start.length > Long.BYTES && start[Long.BYTES] == '{' && start[Long.BYTES - 1] == 0;
        } catch (IOException unreadable) {
            return false; // the reader of the other formats says why
        }
    }

    /** The parameters and buffers of a module as raw tensors, copied, in the order of its state dict. */
    public static Map<String, RawTensor> of(Module module) {
        Map<String, RawTensor> raws = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            module.stateDict().forEach((name, tensor) -> raws.put(name, raw(tensor)));
        }
        return raws;
    }

    /** A tensor with a copy of a raw tensor's elements. */
    public static Tensor tensor(RawTensor raw) {
        return Tensor.from(raw.data(), raw.dtype(), raw.shape());
    }

    /** The tensors whose names begin with {@code prefix}, as copies named by what follows. */
    public static Map<String, Tensor> part(Map<String, RawTensor> tensors, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        tensors.forEach((name, raw) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor(raw));
            }
        });
        return part;
    }

    /** A raw tensor with a copy of a tensor's elements, wherever and in whatever order the tensor lies. */
    public static RawTensor raw(Tensor tensor) {
        try (var scope = Scope.open()) {
            ByteBuffer elements = tensor.detach().to(Device.cpu()).contiguous().buffer();
            ByteBuffer copy = ByteBuffer.allocateDirect(elements.remaining());
            copy.put(elements).flip();
            return RawTensor.of(tensor.dtype(), tensor.shape().sizes(), copy);
        }
    }
}
