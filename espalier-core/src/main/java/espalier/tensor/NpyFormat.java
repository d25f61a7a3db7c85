package espalier.tensor;

import espalier.format.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The format of {@code .npy}: a magic number, a version, the header's length, the header (a Python dictionary of three
 * entries) and the elements. Nothing is evaluated, and no more is read than the header's shape asks for.
 */
final class NpyFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int LONGEST_HEADER = 1 << 16;

    private static final Pattern HEADER = Pattern.compile("\\{\\s*'descr'\\s*:\\s*'([^']*)'\\s*,"
            + "\\s*'fortran_order'\\s*:\\s*(True|False)\\s*,\\s*'shape'\\s*:\\s*\\(([\\d\\s,]*)\\)\\s*,?\\s*}\\s*");

    private static final Map<DType, String> DESCRIPTORS = new EnumMap<>(Map.of(
            DType.BOOL, "|b1",
            DType.UINT8, "|u1",
            DType.INT8, "|i1",
            DType.INT16, "<i2",
            DType.INT32, "<i4",
            DType.INT64, "<i8",
            DType.FLOAT16, "<f2",
            DType.FLOAT32, "<f4",
            DType.FLOAT64, "<f8"));

    private NpyFormat() {}

    static String descriptor(DType dtype) {
        var descriptor = DESCRIPTORS.get(dtype);
        if (descriptor == null) {
            throw new IllegalArgumentException("NumPy has no " + dtype.torchName()
                    + ". Maybe convert it with to(DType.FLOAT32), or write safetensors.");
        }
        return descriptor;
    }

    static void write(OutputStream out, Tensor tensor) throws IOException {
        long[] sizes = tensor.shape().sizes();
        String shape = LongStream.of(sizes).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String header = "{'descr': '" + descriptor(tensor.dtype()) + "', 'fortran_order': False, 'shape': (" + shape
                + (sizes.length == 1 ? "," : "") + "), }";
        int start = MAGIC.length + 4;
        int padding = ALIGNMENT - (start + header.length() + 1) % ALIGNMENT;
        byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        out.write(MAGIC);
        out.write(new byte[] {1, 0, (byte) text.length, (byte) (text.length >>> 8)});
        out.write(text);
        out.write(tensor.toByteArray());
    }

    static Tensor read(InputStream in, String source) throws IOException {
        var header = HEADER.matcher(header(in, source));
        if (!header.matches()) {
            throw damaged(source, "the header is not that of an array of numbers");
        }
        DType dtype = dtype(header.group(1), source);
        long[] shape = Stream.of(header.group(3).split("[\\s,]+"))
                .filter(size -> !size.isEmpty())
                .mapToLong(size -> size(size, source))
                .toArray();
        long bytes = Shape.of(shape).numel() * dtype.bytes();
        if (bytes < 0 || bytes > Integer.MAX_VALUE - 8) {
            throw damaged(source, "the array takes " + bytes + " bytes; at most 2 GB can be read");
        }
        byte[] data = in.readNBytes((int) bytes);
        if (data.length < bytes) {
            throw damaged(source, "of " + bytes + " bytes of elements there are " + data.length);
        }
        if (header.group(2).equals("False")) {
            return Tensor.from(ByteBuffer.wrap(data), dtype, shape);
        }
        int[] reversed = new int[shape.length];
        Arrays.setAll(reversed, i -> shape.length - 1 - i);
        long[] columnsFirst = Arrays.stream(reversed).mapToLong(i -> shape[i]).toArray();
        return Tensor.from(ByteBuffer.wrap(data), dtype, columnsFirst)
                .permute(reversed)
                .contiguous();
    }

    private static String header(InputStream in, String source) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw damaged(source, "it does not start as an .npy file does");
        }
        byte[] size = in.readNBytes(start[MAGIC.length] == 1 ? 2 : 4);
        long length = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            length = (length << 8) | (size[i] & 0xff);
        }
        if (length > LONGEST_HEADER) {
            throw damaged(source, "its header has " + length + " bytes");
        }
        return new String(in.readNBytes((int) length), StandardCharsets.US_ASCII);
    }

    private static DType dtype(String descriptor, String source) {
        for (var entry : DESCRIPTORS.entrySet()) {
            if (entry.getValue().substring(1).equals(descriptor.substring(Math.min(1, descriptor.length())))
                    && !(descriptor.startsWith(">") && entry.getKey().bytes() > 1)) {
                return entry.getKey();
            }
        }
        throw new IllegalArgumentException(source + ": elements of type '" + descriptor + "' are not read."
                + " Maybe convert them in Python: x.astype('<f4').");
    }

    private static long size(String digits, String source) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw damaged(source, "the size " + digits + " is too large");
        }
    }

    private static IllegalArgumentException damaged(String source, String what) {
        return new IllegalArgumentException(
                source + ": " + what + ". Maybe it is another kind of file, or was cut short.");
    }
}
