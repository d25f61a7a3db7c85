package espalier.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CannotWriteExceptionTest {
    private static final Path TARGET = Path.of("m.safetensors");

    @Test
    void fullDisk_saysHowMuchIsNeeded() {
        var full = CannotWriteException.of(TARGET, new IOException("No space left on device"));
        assertThat(full.needing(14_000_000))
                .hasMessage("cannot write m.safetensors: the disk is full. The file takes 14 MB. Maybe delete something"
                        + " there first, or choose a place on another disk.");
        var denied = CannotWriteException.of(TARGET, new AccessDeniedException("m.safetensors"));
        assertThat(denied.needing(14_000_000)).isSameAs(denied);
    }
}
