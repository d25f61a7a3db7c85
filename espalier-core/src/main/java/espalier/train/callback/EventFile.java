package espalier.train.callback;

import espalier.files.GrowingFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * A file of events as TensorBoard reads it: records of length, checksum, protocol buffer and checksum (TFRecord), each
 * buffer an {@code Event} with a time, a step and one number by name. Of the two formats just what scalars need.
 */
final class EventFile implements Closeable {
    private static final int MASK = 0xa282ead8;
    /** A field's number and kind in a protocol buffer: {@code number << 3 | kind}. */
    private static final int WALL_TIME = 1 << 3 | 1;

    private static final int STEP = 2 << 3;
    private static final int FILE_VERSION = 3 << 3 | 2;
    private static final int SUMMARY = 5 << 3 | 2;
    private static final int VALUE = 1 << 3 | 2;
    private static final int TAG = 1 << 3 | 2;
    private static final int SIMPLE_VALUE = 2 << 3 | 5;

    private final OutputStream out;

    private EventFile(OutputStream out) {
        this.out = out;
    }

    /** A new file in {@code folder}, which is made when missing, under the name that TensorBoard looks for. */
    static EventFile in(Path folder, Instant now) throws IOException {
        Path file = folder.resolve("events.out.tfevents." + now.getEpochSecond() + "." + now.getNano() + ".espalier");
        var events = new EventFile(GrowingFile.create(file));
        var version = new Message().number(WALL_TIME, seconds(now)).text(FILE_VERSION, "brain.Event:2");
        events.write(version.bytes());
        return events;
    }

    /** Adds a number. */
    void scalar(String tag, long step, double value, Instant now) throws IOException {
        var number = new Message().text(TAG, tag).number(SIMPLE_VALUE, (float) value);
        var summary = new Message().bytes(VALUE, number.bytes());
        var event =
                new Message().number(WALL_TIME, seconds(now)).number(STEP, step).bytes(SUMMARY, summary.bytes());
        write(event.bytes());
    }

    private void write(byte[] event) throws IOException {
        byte[] length = little(8).putLong(event.length).array();
        out.write(length);
        out.write(little(4).putInt(checksum(length)).array());
        out.write(event);
        out.write(little(4).putInt(checksum(event)).array());
    }

    private static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static double seconds(Instant now) {
        return now.getEpochSecond() + now.getNano() / 1e9;
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** A protocol buffer while it is put together. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, double value) {
            return varint(field).raw(little(8).putDouble(value).array());
        }

        Message number(int field, float value) {
            return varint(field).raw(little(4).putFloat(value).array());
        }

        Message number(int field, long value) {
            return varint(field).varint(value);
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message bytes(int field, byte[] bytes) {
            return varint(field).varint(bytes.length).raw(bytes);
        }

        private Message varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
            return this;
        }

        private Message raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
