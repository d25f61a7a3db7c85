package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.optim.Rates;
import espalier.train.Callback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class TensorBoardLogTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(TensorBoardLog.in(folder.resolve("log")));
    }

    private record Scalar(String tag, long step, float value) {}

    @Test
    void events_areThoseOfTheHistory() throws IOException {
        try (var learner = learnerWith()) {
            var history = learner.fitOneCycle(2, Rates.of(0.05));
            var scalars = read(folder.resolve("log"));
            var losses =
                    scalars.stream().filter(s -> s.tag().equals("batch/loss")).toList();
            assertThat(losses).hasSameSizeAs(history.steps());
            for (int i = 0; i < losses.size(); i++) {
                assertThat(losses.get(i).step()).isEqualTo(i + 1);
                assertThat(losses.get(i).value())
                        .isEqualTo((float) history.steps().get(i).loss());
            }
            var valid = scalars.stream()
                    .filter(s -> s.tag().equals("epoch/valid_loss"))
                    .toList();
            assertThat(valid).hasSize(2);
            assertThat(valid.get(1).step()).isEqualTo(history.steps().size());
            assertThat(valid.get(1).value())
                    .isEqualTo((float) history.epochs().get(1).validLoss().orElseThrow());
            assertThat(scalars).extracting(Scalar::tag).contains("batch/lr", "batch/momentum", "epoch/train_loss");
        }
    }

    @Test
    void folderThatCannotBe_isSaidBeforeTraining() throws IOException {
        Files.writeString(folder.resolve("log"), "a file");
        try (var learner = learnerWith()) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.05)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("log");
            assertThat(learner.history().steps()).isEmpty();
        }
    }

    /** A reader of its own, by the formats' descriptions. */
    private static List<Scalar> read(Path log) throws IOException {
        List<Scalar> scalars = new ArrayList<>();
        try (var files = Files.list(log)) {
            for (Path file : files.toList()) {
                assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.");
                var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                boolean first = true;
                while (bytes.hasRemaining()) {
                    byte[] length = take(bytes, 8);
                    assertThat(bytes.getInt()).isEqualTo(masked(length));
                    int size = (int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong();
                    byte[] event = take(bytes, size);
                    assertThat(bytes.getInt()).isEqualTo(masked(event));
                    if (first) {
                        assertThat(new String(event, StandardCharsets.UTF_8)).endsWith("brain.Event:2");
                    } else {
                        scalars.add(scalar(event));
                    }
                    first = false;
                }
            }
        }
        return scalars;
    }

    private static byte[] take(ByteBuffer from, int count) {
        byte[] taken = new byte[count];
        from.get(taken);
        return taken;
    }

    private static int masked(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        long value = crc.getValue();
        return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
    }

    private static Scalar scalar(byte[] event) {
        var in = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(in.get()).isEqualTo((byte) 0x09);
        assertThat(in.getDouble())
                .isBetween(System.currentTimeMillis() / 1e3 - 60, System.currentTimeMillis() / 1e3 + 1);
        assertThat(in.get()).isEqualTo((byte) 0x10);
        long step = 0;
        int shift = 0;
        byte part;
        do {
            part = in.get();
            step |= (long) (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0);
        assertThat(in.get()).isEqualTo((byte) 0x2a);
        assertThat((int) in.get()).isEqualTo(in.remaining());
        assertThat(in.get()).isEqualTo((byte) 0x0a);
        assertThat((int) in.get()).isEqualTo(in.remaining());
        assertThat(in.get()).isEqualTo((byte) 0x0a);
        String tag = new String(take(in, in.get()), StandardCharsets.UTF_8);
        assertThat(in.get()).isEqualTo((byte) 0x15);
        return new Scalar(tag, step, in.getFloat());
    }
}
