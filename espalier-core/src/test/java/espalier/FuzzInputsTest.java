package espalier;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.Source;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.image.ImageReader;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The inputs of the fuzz tests in the folder fuzz, and what they found, without the fuzzer. */
class FuzzInputsTest {
    @TempDir
    Path folder;

    private static List<Path> inputs(String test) throws IOException {
        try (var files = Files.walk(Path.of("../fuzz/src/test/resources/espalier/fuzz/" + test + "Inputs"))) {
            var all = files.filter(Files::isRegularFile).sorted().toList();
            assertThat(all).isNotEmpty();
            return all;
        }
    }

    @Test
    void D14_pictures_areReadOrRefused() throws IOException {
        int read = 0;
        for (Path input : inputs("PicturesFuzzTest")) {
            try {
                ImageReader.of().allowTruncated().decode(Files.readAllBytes(input));
                read++;
            } catch (DataException refused) {
                assertThat(refused.reason()).isNotBlank();
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(15);
    }

    @Test
    void M01_modelFiles_areLoadedOrRefused() throws IOException {
        for (Path input : inputs("ModelFilesFuzzTest")) {
            try {
                ModelFile.loadUnverified(input);
            } catch (ModelFileException refused) {
                assertThat(refused.getMessage()).contains(input.getFileName().toString());
            }
        }
    }

    @Test
    void C03_tables_areReadOrRefused() throws IOException {
        for (String name : List.of("0.jpg", "1.jpg", "a b.jpg")) {
            Files.write(folder.resolve(name), new byte[1]);
        }
        int read = 0;
        for (Path input : inputs("TablesFuzzTest")) {
            try {
                Source.table(input).read(folder);
                Source.table(input).tags("|").read(folder);
                read++;
            } catch (DataException refused) {
                assertThat(refused.getMessage()).contains(input.getFileName().toString());
            }
        }
        assertThat(read).isGreaterThanOrEqualTo(7);
    }
}
