package espalier.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import espalier.image.ImageReader;
import espalier.report.DataException;
import java.time.Duration;

/** Bytes that should be a picture are read or refused, and nothing else happens. */
class PicturesFuzzTest {
    private static final ImageReader READER =
            ImageReader.of().maxPixels(1_000_000).timeLimit(Duration.ofSeconds(5));

    @FuzzTest(maxDuration = "10m")
    void D14_picture(byte[] bytes) {
        try {
            READER.allowTruncated().decode(bytes);
        } catch (DataException refused) {
            // named, as it should be
        }
    }
}
