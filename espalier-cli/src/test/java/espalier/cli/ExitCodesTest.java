package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.ModelFileException;
import espalier.report.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExitCodesTest {
    @Test
    void of_knowsEachKindOfFailure() {
        assertThat(ExitCodes.of(new IllegalArgumentException("x"))).isEqualTo(2);
        assertThat(ExitCodes.of(new DataException("x"))).isEqualTo(65);
        assertThat(ExitCodes.of(new ModelFileException("x"))).isEqualTo(65);
        assertThat(ExitCodes.of(new UncheckedIOException(new IOException("x")))).isEqualTo(74);
        assertThat(ExitCodes.of(new IllegalStateException("x"))).isEqualTo(70);
        assertThat(ExitCodes.of(CommandException.unwritable(Path.of("x"), new IOException("y"))))
                .isEqualTo(73);
    }

    @Test
    void of_looksAtCauses() {
        assertThat(ExitCodes.of(new ModelFileException("x", new UnknownHostException("y"))))
                .isEqualTo(69);
        assertThat(ExitCodes.of(new ModelFileException("x", new NoSuchFileException("y"))))
                .isEqualTo(66);
        assertThat(ExitCodes.of(new IllegalStateException(new InterruptedException())))
                .isEqualTo(130);
    }
}
