package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;

class BrowserWindowTest {
    @Test
    void theAddressWithTheToken_isInAFileThatOnlyItsOwnerReads() throws IOException {
        var file = BrowserWindow.leadingTo("http://127.0.0.1:1/?a=\"<&#token=secret");
        try {
            assertThat(Files.readString(file)).contains("url=http://127.0.0.1:1/?a=&quot;&lt;&amp;#token=secret\"");
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                assertThat(Files.getPosixFilePermissions(file))
                        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            }
        } finally {
            Files.delete(file);
        }
    }
}
