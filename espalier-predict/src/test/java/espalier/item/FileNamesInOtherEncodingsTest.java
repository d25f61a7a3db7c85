package espalier.item;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names that are not UTF-8, as old archives leave them, on a system where names are bytes. */
class FileNamesInOtherEncodingsTest {
    @TempDir
    Path root;

    @Test
    @EnabledOnOs(OS.LINUX)
    void D18_nameThatIsNotUtf8_isLeftOut_andSaid() throws Exception {
        Files.writeString(root.resolve("B\u00e4r.jpg"), "");
        var shell = new ProcessBuilder("sh", "-c", "touch \"$(printf 'B\\344r.jpg')\"")
                .directory(root.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
        var found = Items.imageFiles().find(root);
        assertThat(found.items()).extracting(Item::id).containsExactly("B\u00e4r.jpg");
        assertThat(found.rejected())
                .singleElement()
                .satisfies(one -> assertThat(one.reason()).contains("not UTF-8"));
    }
}
