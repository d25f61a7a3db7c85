package espalier.collect;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the entries of a zip before anything holds them in memory: the reader proper makes an object of
 * each, and a few MB can declare millions.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int HEADER = 0x02014b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_NAME = 4096;

    private ZipDirectory() {}

    /** Stops by {@code budget} when there are too many entries, or names too long to be honest. */
    static void check(Path file, ArchiveBudget budget) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = start(channel, budget);
            channel.position(start);
            var in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
            byte[] header = new byte[46];
            for (long count = 0; ; count++) {
                if (count > budget.maxEntries()) {
                    throw budget.tooManyEntries();
                }
                in.readFully(header, 0, 4);
                if (little(header).getInt(0) != HEADER) {
                    return;
                }
                in.readFully(header, 4, 42);
                int name = little(header).getShort(28) & 0xFFFF;
                if (name > LONGEST_NAME) {
                    throw budget.stop("it has an entry with a name of " + name + " bytes");
                }
                in.skipNBytes(name
                        + (little(header).getShort(30) & 0xFFFF)
                        + (little(header).getShort(32) & 0xFFFF));
            }
        } catch (EOFException cut) {
            throw budget.stop("its directory is cut off");
        }
    }

    private static long start(FileChannel channel, ArchiveBudget budget) throws IOException {
        long size = channel.size();
        int length = (int) Math.min(size, 65_536 + END_SIZE);
        ByteBuffer tail = read(channel, size - length, length);
        int at = length - END_SIZE;
        while (at >= 0 && tail.getInt(at) != END) {
            at--;
        }
        if (at < 0) {
            throw budget.stop("it is cut off or no zip");
        }
        long directory = tail.getInt(at + 16) & 0xFFFFFFFFL;
        long bytes = tail.getInt(at + 12) & 0xFFFFFFFFL;
        long end = size - length + at;
        boolean large = directory == 0xFFFFFFFFL || bytes == 0xFFFFFFFFL || tail.getShort(at + 10) == -1;
        if (large && at >= 20 && tail.getInt(at - 20) == LOCATOR64) {
            long position = tail.getLong(at - 20 + 8);
            if (position < 0 || position > size - 56) {
                throw budget.stop("its directory lies outside the file");
            }
            ByteBuffer end64 = read(channel, position, 56);
            if (end64.getInt(0) == END64) {
                bytes = end64.getLong(40);
                directory = end64.getLong(48);
                end = position;
            }
        }
        if (directory < 0 || directory > end || bytes < 0 || bytes > end) {
            throw budget.stop("its directory lies outside the file");
        }
        // Behind a self-extractor's program all positions are off by its length.
        return bytes > 0 && read(channel, directory, 4).getInt(0) != HEADER ? end - bytes : directory;
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
        return buffer;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
