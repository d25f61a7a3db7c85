package espalier.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.loss.Losses;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.NativeException;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Memory that is not enough: libtorch's own refusal of more bytes than a process can have, and its sentences for other devices. */
@ExtendWith(NoLeaks.class)
class BatchMemoryTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeData() throws IOException {
        Numbers.write(folder, List.of("cat", "dog"), 40, 1);
    }

    /** Needs 400 TB when a batch is larger than it should be. */
    private static final class Hungry extends Module {
        private final Linear linear = child("linear", Linear.of(2, 2));
        private final int most;
        private final List<Long> sizes = new ArrayList<>();

        Hungry(int most) {
            this.most = most;
        }

        @Override
        public Tensor forward(Tensor x) {
            sizes.add(x.size(0));
            if (x.size(0) > most) {
                Tensor.zeros(100_000_000_000_000L);
            }
            return linear.forward(x);
        }
    }

    private Learner<double[]> learner(Hungry model) {
        var loaders = Numbers.block().batchSize(16).loaders(folder);
        return Learner.of(loaders, model.reset(Rng.of(1)), Losses.crossEntropy());
    }

    @Test
    void T08_batchThatIsTooLarge_isHalvedUntilItFits() {
        var model = new Hungry(5);
        try (var learner = learner(model)) {
            var before = learner.model().stateDict().get("linear.weight").toFloatArray();
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.1)))
                    .isInstanceOf(NativeException.class)
                    .hasMessageStartingWith(
                            "a batch of 16 does not fit into the memory of cpu, but one of 4 does (tried)."
                                    + " Maybe take batches of 4")
                    .hasMessageContaining("400000000000000 bytes")
                    .cause()
                    .hasMessageContaining("allocate memory");
            assertThat(model.sizes).containsExactly(16L, 8L, 4L);
            assertThat(learner.model().stateDict().get("linear.weight").toFloatArray())
                    .as("the weights, to save and to go on from with smaller batches")
                    .containsExactly(before);
            assertThat(learner.model().parameters().get("linear.weight").grad()).isEmpty();
        }
    }

    @Test
    void T08_batchOfOneItem_thatIsTooLarge_hasNoSmallerOne() {
        try (var learner = learner(new Hungry(0))) {
            assertThatThrownBy(() -> learner.fit(1, Rates.of(0.1)))
                    .hasMessageStartingWith(
                            "a batch of 16 does not fit into the memory of cpu, and neither does one item."
                                    + " Maybe take smaller inputs");
        }
    }

    @Test
    void judging_saysItToo() {
        try (var learner = learner(new Hungry(3))) {
            assertThatThrownBy(learner::validate).hasMessageContaining("but one of 2 does (tried)");
        }
    }

    /** As libtorch writes them in c10/cuda/CUDACachingAllocator.cpp, MPSAllocator.mm and c10/core/impl/alloc_cpu.cpp. */
    @Test
    void outOfMemory_isKnownByLibtorchsSentences() {
        assertThat(List.of(
                        "conv2d failed in libtorch: CUDA out of memory. Tried to allocate 1.53 GiB. GPU 0 has a total capacity of"
                                + " 7.79 GiB of which 1.02 GiB is free. Of the allocated memory 6.01 GiB is allocated by PyTorch.",
                        "MPS backend out of memory (MPS allocated: 17.79 GB, other allocations: 256.00 KB, max allowed: 18.13"
                                + " GB). Tried to allocate 512.00 MB on private pool.",
                        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes. Error code 12",
                        "DefaultCPUAllocator: not enough memory: you tried to allocate 4 bytes."))
                .allMatch(message -> new NativeException(message).isOutOfMemory());
        assertThat(new NativeException("matmul failed in libtorch: shapes").isOutOfMemory())
                .isFalse();
    }
}
