package espalier.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that should be a model file are loaded or refused. */
class ModelFilesFuzzTest {
    private final Path file;

    ModelFilesFuzzTest() throws IOException {
        file = Files.createTempFile("fuzz", ".safetensors");
        file.toFile().deleteOnExit();
    }

    @FuzzTest(maxDuration = "10m")
    void M01_modelFile(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try {
            ModelFile.loadUnverified(file); // a digest would refuse almost everything first
        } catch (ModelFileException refused) {
            // named, as it should be
        }
    }
}
