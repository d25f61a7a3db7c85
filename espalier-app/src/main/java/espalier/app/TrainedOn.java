package espalier.app;

import espalier.format.ModelDocument;
import espalier.item.Item;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * By which a model file knows the pictures that the model was trained on: a checksum of each one's name, size, beginning
 * and end. So a picture is known again where it was moved or got another label. A new picture is taken for a known one
 * once in forty thousand for a model of 100,000 pictures; of more, a file says nothing.
 */
final class TrainedOn {
    private static final String KEY = "trained_on";
    private static final int MOST = 100_000;
    private static final int READ = 1 << 14;

    private final int[] sorted;

    private TrainedOn(int[] sorted) {
        this.sorted = sorted;
    }

    /** What a model file keeps of its training set, among its details. */
    static Map<String, Object> details(List<Item> training) {
        return training.size() > MOST
                ? Map.of()
                : details(training.parallelStream().mapToInt(TrainedOn::mark).toArray());
    }

    /** The same of texts, each known by what it says. */
    static Map<String, Object> texts(List<String> training) {
        return training.size() > MOST
                ? Map.of()
                : details(training.stream().mapToInt(TrainedOn::mark).toArray());
    }

    private static Map<String, Object> details(int[] marks) {
        Arrays.sort(marks);
        var bytes = ByteBuffer.allocate(4 * marks.length);
        bytes.asIntBuffer().put(marks);
        return Map.of(KEY, Base64.getEncoder().encodeToString(bytes.array()));
    }

    /** What a model file says; empty when it says nothing. */
    static Optional<TrainedOn> of(ModelDocument document) {
        if (!(document.details().get(KEY) instanceof String text)) {
            return Optional.empty();
        }
        try {
            var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            int[] marks = new int[bytes.remaining() / 4];
            bytes.asIntBuffer().get(marks);
            Arrays.sort(marks);
            return Optional.of(new TrainedOn(marks));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** Whether the model was trained on this picture. */
    boolean has(Item item) {
        return Arrays.binarySearch(sorted, mark(item)) >= 0;
    }

    /** Whether the model was trained on this text. */
    boolean has(String text) {
        return Arrays.binarySearch(sorted, mark(text)) >= 0;
    }

    private static int mark(String text) {
        var sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) sum.getValue();
    }

    private static int mark(Item item) {
        var sum = new CRC32();
        sum.update(String.valueOf(item.path().getFileName()).getBytes(StandardCharsets.UTF_8));
        try (var file = new RandomAccessFile(item.path().toFile(), "r")) {
            long length = file.length();
            sum.update(ByteBuffer.allocate(8).putLong(0, length));
            byte[] part = new byte[(int) Math.min(READ, length)];
            file.readFully(part);
            sum.update(part);
            file.seek(length - part.length);
            file.readFully(part);
            sum.update(part);
        } catch (IOException unreadable) {
            sum.update(0); // it is told of where it is decoded
        }
        return (int) sum.getValue();
    }
}
