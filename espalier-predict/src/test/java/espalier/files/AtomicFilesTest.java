package espalier.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void write_makesParentsAndReplacesWhole() throws IOException {
        Path file = folder.resolve("a").resolve("b.txt");
        AtomicFiles.writeString(file, "one");
        AtomicFiles.writeString(file, "two");
        assertThat(file).hasContent("two");
        assertThat(folder.resolve("a")).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void T06_contentThatFails_leavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(1);
                    throw new IOException("no");
                }))
                .hasMessage("no");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    /** As by a disk that loses what was written: the file is renamed only after it was forced there. */
    @Test
    void T03_contentThatCannotBeForcedToDisk_leavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");
        assertThatThrownBy(() -> AtomicFiles.writeChannel(file, channel -> {
                    channel.write(java.nio.ByteBuffer.wrap(new byte[] {1}));
                    channel.close(); // so that forcing fails
                }))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void T06_fullDisk_saysSo() {
        assertThatThrownBy(() -> AtomicFiles.write(folder.resolve("a"), out -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(CannotWriteException.class)
                .hasMessageContaining("the disk is full")
                .hasMessageContaining("Maybe");
    }

    @Test
    void link_isFollowed() throws IOException {
        Path real = Files.writeString(folder.resolve("real.txt"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), Path.of("real.txt"));
        AtomicFiles.writeString(link, "new");
        assertThat(link).isSymbolicLink().hasContent("new");
        assertThat(real).hasContent("new").isRegularFile();
    }

    @Test
    void linkToNothingAndFolder_areRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("gone"));
        refused(link, "a link to something that is not there");
        assertThat(link).isSymbolicLink();
        refused(Files.createDirectory(folder.resolve("d")), "it is a folder, expected a file");
        refused(Files.writeString(folder.resolve("file"), "").resolve("x"), "file is");
    }

    @Test
    void pipe_isRefusedAndStays() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refused(pipe, "a device or a pipe");
        assertThat(Files.exists(pipe) && !Files.isRegularFile(pipe)).isTrue();
    }

    private static void refused(Path target, String reason) {
        assertThatThrownBy(() -> AtomicFiles.writeString(target, "x"))
                .isInstanceOf(CannotWriteException.class)
                .hasMessageContaining("cannot write " + target)
                .hasMessageContaining(reason)
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Destination.file(target))
                .isInstanceOf(CannotWriteException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void destination_leavesNothingBehind() throws IOException {
        Path file = folder.resolve("new").resolve("deep").resolve("m.safetensors");
        assertThat(Destination.file(file)).isEqualTo(file.toAbsolutePath());
        assertThat(Destination.folder(folder.resolve("x").resolve("y"))).isNotNull();
        assertThat(folder).isEmptyDirectory();
    }
}
