package espalier.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import espalier.data.Source;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that should be a table of labels, beside three pictures, are read or refused. */
class TablesFuzzTest {
    private final Path folder;

    TablesFuzzTest() throws IOException {
        folder = Files.createTempDirectory("fuzz");
        for (String name : new String[] {"0.jpg", "1.jpg", "a b.jpg"}) {
            Files.write(folder.resolve(name), new byte[1]);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void C03_table(byte[] bytes) throws IOException {
        Path table = Files.write(folder.resolve("t.csv"), bytes);
        try {
            Source.table(table).read(folder);
            Source.table(table).tags("|").read(folder);
        } catch (DataException refused) {
            // named, as it should be
        }
    }
}
