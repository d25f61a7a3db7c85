package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import espalier.tensor.Device;
import espalier.tensor.NativeException;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The thread that copies ahead, on the CPU where its values can be read and on the meta device. */
@ExtendWith(NoLeaks.class)
class DeviceBatchesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder, List.of("cat", "dog"), 12, 1);
    }

    private Loader<double[]> loader() {
        return Numbers.block()
                .itemTransform(Numbers.noise(0.3))
                .batchSize(4)
                .loaders(folder)
                .train();
    }

    private static List<String> contents(DeviceBatches batches) {
        var all = new ArrayList<String>();
        try (batches) {
            while (batches.hasNext()) {
                try (var scope = Scope.open()) {
                    var batch = batches.next();
                    all.add(batches.place() + " " + batch.items() + " "
                            + Arrays.toString(batch.x().toFloatArray()) + " "
                            + Arrays.toString(batch.y().toDoubleArray()));
                }
            }
        }
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
        return all;
    }

    @Test
    void copiedAhead_areTheSameBatches() {
        var loader = loader();
        var plain = contents(loader.epoch(3).on(Device.cpu()));
        assertThat(plain).hasSizeGreaterThan(3);
        assertThat(contents(DeviceBatches.ahead(loader.epoch(3), Device.cpu()))).isEqualTo(plain);
        assertThat(contents(DeviceBatches.ahead(loader.epoch(3, 2), Device.cpu())))
                .as("from the third on, as after a resumption")
                .isEqualTo(plain.subList(2, plain.size()));
    }

    @Test
    void onAnotherDevice_theThreadBringsThemThere_andIsNotLeftBehind() {
        try (var batches = loader().epoch(0).on(Device.meta())) {
            assertThat(batches.hasNext()).isTrue();
            try (var scope = Scope.open()) {
                var batch = batches.next();
                assertThat(batch.x().device()).isEqualTo(Device.meta());
                assertThat(batch.y().device()).isEqualTo(Device.meta());
                assertThat(Thread.getAllStackTraces().keySet())
                        .anyMatch(thread -> thread.getName().equals("espalier-copier"));
            }
        } // left early: the batch that is ready is freed, which NoLeaks sees
    }

    @Test
    void failureOnTheThread_isTheCallers() throws IOException {
        var loader = loader();
        for (var item : loader.dataset().items()) {
            Files.writeString(item.path(), "no numbers");
        }
        try (var batches = DeviceBatches.ahead(loader.epoch(0), Device.cpu())) {
            assertThatThrownBy(batches::hasNext)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("cannot be read");
        }
    }

    /** Page-locked memory is the graphics card's driver's; without one there is none, as in PyTorch. */
    @Test
    void pinnedMemory_withoutAGraphicsCard_isRefused() {
        org.junit.jupiter.api.Assumptions.assumeFalse(Device.cuda().isAvailable());
        try (var scope = Scope.open()) {
            var x = Tensor.zeros(2);
            assertThat(x.isPinned()).isFalse();
            assertThatThrownBy(x::pinMemory).isInstanceOf(NativeException.class);
            assertThat(x.toAsync(Device.cpu())).isSameAs(x);
            assertThat(x.toAsync(Device.meta()).device()).isEqualTo(Device.meta());
        }
    }
}
