package espalier.image;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.report.DataException;
import espalier.testing.plain.Pictures;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fax pictures of 60 x 24 pixels as Pillow 13 writes them by libtiff, whole and with one bit changed. */
class FaxIntegrityTest {
    private static final String HUFFMAN =
            "SUkqAI4AAAA1BZc1AofANQYIAvDANQQQBDjANQqgEgQ1EMCwHDUUDNwwNRjagGA1ITDQNT9GAzg1PkBBnDU+QEGcNTyeHTpPaoA1Pk6dOh0n"
                    + "tUA1LFfCTvVANR2nx0/WeqA1FhOnTodalqg1EdOx060HqjUKoE1QNRIQgLqgNRuKQGNUNXAG4DXcCgBwWQkAAAEDAAEAAAA8AAAAAQEDAAEA"
                    + "AAAYAAAAAgEDAAEAAAABAAAAAwEDAAEAAAACAAAABgEDAAEAAAABAAAAEQEEAAEAAAAIAAAAFgEDAAEAAAAYAAAAFwEEAAEAAACGAAAAHAED"
                    + "AAEAAAABAAAAAAAAAA==";
    private static final String GROUP_3 =
            "SUkqAKoAAAAAE1BZcAE1AofABNQYIAvDABNQQQBDjABNQqgEgQAE1EMCwHABNRQM3DAAJqMbUAwACakJhoABNT9GAzgAmp8gIM4AJqfICDOA"
                    + "Cank8OnSe1QAJqfJ06dDpPaoAE1LFfCTvVAAmo7T46frPVAAmosJ06dDrUtUACaiOnY6daD1QAJqFUCaoAE1EhCAuqABNRuKQGNUACauANwA"
                    + "TXcCgAFwWQAJAAABAwABAAAAPAAAAAEBAwABAAAAGAAAAAIBAwABAAAAAQAAAAMBAwABAAAAAwAAAAYBAwABAAAAAQAAABEBBAABAAAACAAA"
                    + "ABYBAwABAAAAGAAAABcBBAABAAAAoQAAABwBAwABAAAAAQAAAAAAAAA=";
    private static final String GROUP_3_OF_TWO_DIMENSIONS =
            "SUkqAJIAAAAAGagsuAChBQAZqDBAF4YAKQQQECgAzUKoBIEABQgwQKADNRQM3DAAKmCCgAzUhMNAAKj6cAGanyAgzgAvwAZqeTw6dJ7VAAtp"
                    + "AgrC/ABmpYr4Sd6oAFeEER0q4AM1FhOnTodalqgAV8aWuADNQqgTVAAoRhBcAGajcUgMaoAFBBCMAGa7gUAAg4AKAAABAwABAAAAPAAAAAEB"
                    + "AwABAAAAGAAAAAIBAwABAAAAAQAAAAMBAwABAAAAAwAAAAYBAwABAAAAAQAAABEBBAABAAAACAAAABYBAwABAAAAGAAAABcBBAABAAAAigAA"
                    + "ABwBAwABAAAAAQAAACQBBAABAAAAAQAAAAAAAAA=";
    private static final String GROUP_4 =
            "SUkqAFYAAAAmoLOEFkGCAQWQQQECwgwQWEGCBaYQLTBBaej6fS/9MvEdF1Nr2kCCsL+8VaXvCCI6Ve+uiOl740teGIiF4RhBeECIpHgghHCB"
                    + "Q4AIAIAJAAABAwABAAAAPAAAAAEBAwABAAAAGAAAAAIBAwABAAAAAQAAAAMBAwABAAAABAAAAAYBAwABAAAAAQAAABEBBAABAAAACAAAABYB"
                    + "AwABAAAAGAAAABcBBAABAAAATgAAABwBAwABAAAAAQAAAAAAAAA=";
    /** Bytes of the header; the data follow. */
    private static final int DATA = 8;

    private static byte[] fax(String kind) {
        return Base64.getDecoder()
                .decode(
                        switch (kind) {
                            case "huffman" -> HUFFMAN;
                            case "group 3" -> GROUP_3;
                            case "group 3, two dimensions" -> GROUP_3_OF_TWO_DIMENSIONS;
                            default -> GROUP_4;
                        });
    }

    @ParameterizedTest
    @CsvSource({"huffman, 134", "group 3, 161", "'group 3, two dimensions', 138", "group 4, 78"})
    void flippedBits_areNoticed_andWholeDataAreNot(String kind, int length) {
        var reader = ImageReader.of();
        var whole = reader.decode(fax(kind));
        assertThat(whole.warnings()).isEmpty();
        assertThat(whole.image()).hasToString("Image 60x24");
        assertThat(Pictures.meanDifference(whole.image(), reader.read(fax("group 4"))))
                .isZero();
        int silent = 0;
        for (int bit = 0; bit < 8 * length; bit++) {
            byte[] flipped = fax(kind);
            flipped[DATA + bit / 8] ^= (byte) (1 << bit % 8);
            try {
                var read = reader.decode(flipped);
                boolean differs = Pictures.meanDifference(read.image(), whole.image()) > 3;
                silent += differs && read.warnings().isEmpty() ? 1 : 0;
            } catch (DataException refused) {
                assertThat(refused.reason()).contains("TIFF");
            }
        }
        // A bit may make another picture whose rows all have their width: nothing in the file tells.
        assertThat(silent).isLessThan(8 * length / 30);
    }
}
