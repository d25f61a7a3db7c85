package espalier.text;

import espalier.format.DType;
import espalier.format.RawTensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Many names in the tensors of a model file: their UTF-8 in {@code names}, and where each ends in {@code ends}. */
public final class StoredNames {
    /** The prefix of the tokens of a network's vocabulary. */
    static final String VOCABULARY = "vocabulary.";

    private StoredNames() {}

    /** The tokens of a network's vocabulary. @throws IllegalArgumentException when one is damaged, or there are none */
    public static List<String> vocabulary(Map<String, RawTensor> tensors) {
        return get(tensors, VOCABULARY);
    }

    /** Adds names under a prefix such as {@code "ngrams.0."}. */
    static void put(Map<String, RawTensor> tensors, String prefix, List<String> all) {
        byte[][] names =
                all.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        long[] ends = new long[names.length];
        long end = 0;
        for (int i = 0; i < names.length; i++) {
            end += names[i].length;
            ends[i] = end;
        }
        var bytes = ByteBuffer.allocate(Math.toIntExact(end));
        for (byte[] name : names) {
            bytes.put(name);
        }
        tensors.put(prefix + "names", RawTensor.of(DType.UINT8, new long[] {end}, bytes.flip()));
        tensors.put(prefix + "ends", RawTensor.of(ends, ends.length));
    }

    /** Reads names, and checks each number before it is relied upon. @throws IllegalArgumentException when one is wrong */
    static List<String> get(Map<String, RawTensor> tensors, String prefix) {
        var ends = tensor(tensors, prefix + "ends", DType.INT64);
        var bytes = tensor(tensors, prefix + "names", DType.UINT8).data();
        var places = ends.data().asLongBuffer();
        List<String> names = new ArrayList<>(ends.size());
        long from = 0;
        for (int i = 0; i < ends.size(); i++) {
            long to = places.get(i);
            if (to <= from || to > bytes.limit()) {
                throw new IllegalArgumentException("name " + i + " of " + prefix + "names goes from byte " + from
                        + " to " + to + " of " + bytes.limit() + ". Maybe it was edited by hand.");
            }
            names.add(name(bytes.slice((int) from, (int) (to - from)), i));
            from = to;
        }
        return names;
    }

    private static String name(ByteBuffer bytes, int index) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException wrong) {
            throw new IllegalArgumentException("name " + index + " is not UTF-8. Maybe it was edited by hand.", wrong);
        }
    }

    /** A tensor of a type. @throws IllegalArgumentException when there is none */
    static RawTensor tensor(Map<String, RawTensor> tensors, String name, DType dtype) {
        return Optional.ofNullable(tensors.get(name))
                .filter(tensor -> tensor.dtype() == dtype)
                .orElseThrow(() -> new IllegalArgumentException("the tensor " + name + " is missing or not of the type "
                        + dtype.torchName() + ". Maybe it was edited by hand."));
    }
}
