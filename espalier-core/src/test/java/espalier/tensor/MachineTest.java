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
