package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.testing.NoLeaks;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class SingleBlasThreadTest {
    @Test
    void lastOneClosed_givesTheThreadsBack() {
        var first = SingleBlasThread.open();
        var second = SingleBlasThread.open();
        assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);

        first.close();
        first.close(); // a second time, which changes nothing
        assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);

        second.close();
        assertThat(openblas_nolapack.blas_get_num_threads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
