package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** X09: checkpoints in a store that renames no file at once. */
class CheckpointFolderTest {
    @TempDir
    Path folder;

    private Path own;
    private Path shared;
    private CheckpointFolder checkpoints;

    /** The local file system with the weakness of an object store. */
    public static final class NoRename extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("norename:///");
        }

        @Override
        public String getScheme() {
            return "norename";
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            throw new IOException("there is no rename");
        }
    }

    @BeforeEach
    void makeFolders() throws IOException {
        own = Files.createDirectory(folder.resolve("own"));
        shared = folder.resolve("shared");
        var hadoop = LocalSpark.SESSION.sparkContext().hadoopConfiguration();
        hadoop.set("fs.norename.impl", NoRename.class.getName());
        checkpoints = new CheckpointFolder(
                "norename://" + shared, SerializableConfiguration.broadcast(LocalSpark.SESSION.sparkContext()));
        assertThat(new Configuration(hadoop).get("fs.norename.impl")).contains("NoRename");
    }

    private void add(int number) throws IOException {
        Files.writeString(own.resolve(name(number)), "weights " + number);
        checkpoints.add(own);
    }

    private static String name(int number) {
        return "checkpoint-%06d.safetensors".formatted(number);
    }

    private List<String> fetched() throws IOException {
        Path copies = Files.createTempDirectory(folder, "copies");
        checkpoints.fetch(copies);
        try (var all = Files.list(copies)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void X09_lastTwo_areKeptWithoutRenaming() throws Exception {
        for (int number = 1; number <= 3; number++) {
            add(number);
        }
        assertThat(fetched()).containsExactly(name(2), name(3));
        try (var all = Files.list(shared)) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(name(2), name(2) + ".sha256", name(3), name(3) + ".sha256");
        }
        checkpoints.delete();
        assertThat(shared).doesNotExist();
    }

    /** The writer died while it wrote a file, or one anew; and a file without a marker is among those with one. */
    @Test
    void halfCheckpoints_doNotCount() throws Exception {
        add(1);
        add(2);
        Files.writeString(shared.resolve(name(2)), "weig");
        Files.write(shared.resolve(name(3)), "weights".getBytes(StandardCharsets.UTF_8));
        assertThat(fetched()).containsExactly(name(1));
        add(3);
        assertThat(fetched()).containsExactly(name(3));
    }

    @Test
    void checkpointsOfOneProcess_haveNoMarkers_andCount() throws Exception {
        Files.createDirectory(shared);
        Files.writeString(shared.resolve(name(1)), "weights 1");
        assertThat(fetched()).containsExactly(name(1));
        add(2);
        assertThat(fetched()).containsExactly(name(2));
    }

    @Test
    void emptyStore_givesNothing() throws Exception {
        assertThat(fetched()).isEmpty();
    }
}
