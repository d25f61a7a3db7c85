package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.TextTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TweetClassifierTest {
    @TempDir
    Path folder;

    private static String text(int i) {
        return "tweet " + i + (i % 2 == 0 ? " what a great day 😍" : " I hate mondays");
    }

    private static String label(int i) {
        return i % 2 == 0 ? "4" : "0";
    }

    @Test
    void tutorial_runsOnAnyTable() throws Exception {
        var csv = Files.writeString(
                folder.resolve("tweets.csv"),
                IntStream.range(0, 100)
                        .mapToObj(i -> label(i) + "," + text(i) + "\n")
                        .collect(Collectors.joining()));
        var report = TweetClassifier.run(TextTable.of(csv).columns("1", "0"), folder.resolve("tweets.safetensors"));
        assertThat(report.metrics().get("test_accuracy")).isEqualTo(1);
    }

    @Test
    void parts_makeAClassifierToo() {
        List<String> texts =
                IntStream.range(0, 100).mapToObj(TweetClassifierTest::text).toList();
        List<String> labels =
                IntStream.range(0, 100).mapToObj(TweetClassifierTest::label).toList();
        assertThat(TweetClassifier.byHand(texts, labels).label("great great day"))
                .isEqualTo("4");
    }

    @Tag("real")
    @Test
    void tutorial_reachesItsNumber() {
        var csv = Path.of(System.getProperty("espalier.shared")).resolve("data/tweets/tweets.csv");
        var report = TweetClassifier.run(TextTable.of(csv).columns("5", "0"), folder.resolve("tweets.safetensors"));
        assertThat(report.testItems()).isEqualTo(1_197);
        assertThat(report.metrics().get("test_accuracy")).isGreaterThan(0.865);
    }
}
