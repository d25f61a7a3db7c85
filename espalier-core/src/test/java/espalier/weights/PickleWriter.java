package espalier.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles by hand, honest and hostile ones, and packs them as torch.save does. */
final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A pickle of protocol 2, so far empty. */
    static PickleWriter start() {
        return new PickleWriter().raw(0x80, 2);
    }

    PickleWriter raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    /** Instructions that are printable characters. */
    PickleWriter ops(String ops) {
        return raw(ops.chars().toArray());
    }

    PickleWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ops("X").int32(bytes.length).raw(unsigned(bytes));
    }

    PickleWriter number(long number) {
        return raw(0x8a, 8)
                .raw(unsigned(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(number)
                        .array()));
    }

    PickleWriter tuple(long... numbers) {
        ops("(");
        for (long number : numbers) {
            number(number);
        }
        return ops("t");
    }

    PickleWriter int32(int number) {
        return raw(number & 0xff, number >> 8 & 0xff, number >> 16 & 0xff, number >>> 24);
    }

    PickleWriter global(String module, String name) {
        return ops("c" + module + "\n" + name + "\n");
    }

    PickleWriter storage(String type, String key, long count) {
        return ops("(").text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(count)
                .ops("tQ");
    }

    /** A tensor as a view of a float storage. */
    PickleWriter tensor(String key, long count, long offset, long[] shape, long[] stride) {
        global("torch._utils", "_rebuild_tensor_v2").ops("(").storage("FloatStorage", key, count);
        number(offset).tuple(shape).tuple(stride).raw(0x89);
        return global("collections", "OrderedDict").ops(")RtR");
    }

    byte[] stop() {
        out.write('.');
        return out.toByteArray();
    }

    /** A state dict with one tensor {@code w}. */
    static byte[] state(String key, long count, long offset, long[] shape, long[] stride) {
        return start().ops("}")
                .text("w")
                .tensor(key, count, offset, shape, stride)
                .ops("s")
                .stop();
    }

    /** The zip format, with one storage {@code "0"} of the given bytes. */
    static byte[] zip(byte[] pickle, byte[] storage, String byteOrder) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            put(zip, "archive/data.pkl", pickle);
            put(zip, "archive/byteorder", byteOrder.getBytes(StandardCharsets.UTF_8));
            put(zip, "archive/data/0", storage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        var crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** The legacy stream, with the given list of storage keys and what follows it. */
    static byte[] legacy(byte[] pickle, boolean littleEndian, byte[] keys, byte[] rest) {
        var bytes = new PickleWriter();
        bytes.raw(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.');
        bytes.raw(unsigned(start().number(1001).stop()));
        bytes.raw(unsigned(start().ops("}")
                .text("little_endian")
                .raw(littleEndian ? 0x88 : 0x89)
                .ops("s")
                .stop()));
        bytes.raw(unsigned(pickle)).raw(unsigned(keys)).raw(unsigned(rest));
        return bytes.out.toByteArray();
    }

    /** A storage as the legacy stream holds it: number of elements, then bytes. */
    static byte[] block(long count, float... values) {
        ByteBuffer block = ByteBuffer.allocate(8 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        block.putLong(count);
        for (float value : values) {
            block.putFloat(value);
        }
        return block.array();
    }

    private static int[] unsigned(byte[] bytes) {
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        return values;
    }
}
