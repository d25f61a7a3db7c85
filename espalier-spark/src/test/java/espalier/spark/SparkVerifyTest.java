package espalier.spark;

import static espalier.spark.LocalSpark.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import espalier.collect.Finding.Kind;
import espalier.collect.Verify;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster finds what one machine finds. */
class SparkVerifyTest {
    @TempDir
    Path folder;

    @Test
    void brokenAndEqualFiles_areThoseOfOneMachine() throws Exception {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        var paths = BadFiles.write(pictures, 40);
        var listing = Files.write(
                folder.resolve("listing.txt"),
                paths.stream().map(Path::toString).toList());
        var looks = PredictPictures.looks(SESSION, listing.toString());
        assertThat(looks.count()).isEqualTo(40);
        var report = Verify.of(pictures).exactOnly().run();
        var expected = new TreeMap<String, String>();
        report.of(Kind.BROKEN)
                .forEach(finding ->
                        expected.put(pictures.resolve(finding.files().get(0)).toString(), finding.reason()));
        var found = new TreeMap<String, String>();
        looks.where("error IS NOT NULL AND error != 'no such file'")
                .collectAsList()
                .forEach(row -> found.put(row.getAs("path"), row.getAs("error")));
        assertThat(found).isEqualTo(expected).hasSize(4);
        assertThat(SparkVerify.duplicates(looks).collectAsList())
                .extracting(row -> row.<String>getList(row.fieldIndex("paths")))
                .containsExactlyInAnyOrderElementsOf(report.of(Kind.DUPLICATE).stream()
                        .map(finding -> finding.files().stream()
                                .map(file -> pictures.resolve(file).toString())
                                .toList())
                        .toList());
    }
}
