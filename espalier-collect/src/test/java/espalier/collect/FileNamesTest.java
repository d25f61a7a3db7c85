package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "http://h/a/planet.zip?sig=1#x planet.zip",
                "http://h/a%20b.csv 'a b.csv'",
                "http://h/..%2F..%2Fetc%2Fpasswd _.._etc_passwd",
                "http://h/a%5Cb.txt a_b.txt",
                "http://h/ download",
                "http://h download",
                "http://h/CON.jpg _CON.jpg",
                "http://h/lpt1 _lpt1",
                "http://h/.bashrc bashrc",
                "http://h/a%00b%0Ac.jpg a_b_c.jpg",
                "http://h/x%E2%80%AEgpj.exe x_gpj.exe",
                "http://h/e%CC%81.jpg é.jpg",
                "http://h/100%.zip 100%.zip",
                "http://h/name. name",
            })
    void N12_nameFromAddress_isGoodEverywhere(String url, String name) {
        assertThat(FileNames.fromUrl(url)).isEqualTo(name);
    }

    @Test
    void N12_longNames_areCutBeforeTheirEnding() {
        assertThat(FileNames.safe("x".repeat(300) + ".tar.gz")).hasSize(120).endsWith("x.gz");
    }

    @Test
    void N12_namesThatDifferByCase_areToldApart() {
        var taken = new TreeSet<String>();
        assertThat(FileNames.distinct("a.zip", taken)).isEqualTo("a.zip");
        assertThat(FileNames.distinct("A.zip", taken)).isEqualTo("A-2.zip");
        assertThat(FileNames.distinct("a.ZIP", taken)).isEqualTo("a-3.ZIP");
        assertThat(FileNames.distinct("README", taken)).isEqualTo("README");
        assertThat(FileNames.distinct("readme", taken)).isEqualTo("readme-2");
    }
}
