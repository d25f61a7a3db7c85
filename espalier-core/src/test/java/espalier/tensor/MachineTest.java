package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void version_isThatOfTheArtefact() {
        assertThat(Machine.libtorchVersion()).matches("\\d+\\.\\d+\\.\\d+-\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void capability_isOneOfLibtorchs() {
        assertThat(Machine.cpuCapability()).isNotBlank().isUpperCase();
    }

    @Test
    void fastBfloat16_needsTheFlag() {
        boolean flagged =
                Machine.cpuFlags().contains("amx_bf16") || Machine.cpuFlags().contains("avx512_bf16");
        assertThat(Machine.hasFastBfloat16()).isEqualTo(flagged);
    }

    @Test
    void devices_startWithTheCpu() {
        assertThat(Machine.devices()).startsWith(Device.cpu());
    }

    @Test
    void memory_isToldByDevicesThatHaveSome() {
        var memory = Device.cpu().memory();
        assertThat(memory.free()).isPositive().isLessThan(memory.total());
        assertThatThrownBy(() -> Device.meta().memory())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("meta does not tell");
        assertThatThrownBy(() -> Device.cuda(99).memory()).hasMessageContaining("cuda:99 is not available");
    }

    @Test
    void deviceNames_areThoseOfPyTorch() {
        assertThat(Device.parse("cpu")).isEqualTo(Device.cpu());
        assertThat(Device.parse("cuda")).isEqualTo(Device.cuda());
        assertThat(Device.parse("cuda:1")).isEqualTo(Device.cuda(1)).hasToString("cuda:1");
        assertThat(Device.parse("mps")).isEqualTo(Device.mps());
        assertThat(Device.parse("auto")).isEqualTo(Device.best());
        assertThat(Device.best().isAvailable()).isTrue();
        assertThatThrownBy(() -> Device.parse("tpu")).hasMessageContaining("expected cpu, cuda, mps or meta");
        assertThatThrownBy(() -> Device.parse("cuda:one")).hasMessageContaining("cuda:one");
    }

    @Test
    void cuda_isThereOrSaysWhatIsMissing() {
        assertThat(Machine.cuda()).matches(Device.cuda().isAvailable() ? "yes: .+" : "no: .+");
        assertThat(Machine.withoutCuda(false, false)).contains("-Pgpu");
        assertThat(Machine.withoutCuda(true, false)).contains("CUDA 13, cuDNN 9 and NCCL 2");
        assertThat(Machine.withoutCuda(true, true)).contains("driver");
    }

    @Test
    void threads_areSetForThisThread() {
        int before = Machine.threads();
        assertThat(before).isPositive();
        try {
            Machine.threads(1);
            assertThat(Machine.threads()).isEqualTo(1);
        } finally {
            Machine.threads(before);
        }
        assertThatThrownBy(() -> Machine.threads(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
