package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.app.TextTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TweetNetworkTest {
    @TempDir
    Path folder;

    @Test
    void network_classifiesTweetsOfAnyTable() throws Exception {
        var csv = Files.writeString(
                folder.resolve("tweets.csv"),
                IntStream.range(0, 200)
                        .mapToObj(i -> (i % 2 == 0 ? "4,what a great day " : "0,I hate mondays ") + i % 5 + "\n")
                        .collect(Collectors.joining()));
        try (var trained = TweetNetwork.train(TextTable.of(csv).columns("1", "0"), 15)) {
            assertThat(trained.accuracy()).isEqualTo(1);
            assertThat(trained.classifyTweet("great, what a day")).isEqualTo("4");
            assertThat(trained.classifyTweet("I hate it")).isEqualTo("0");
            assertThat(trained.learner().model().parameters().keySet())
                    .as("PyTorch's names")
                    .contains("embedding.weight", "encoder.weight_ih_l0", "predictor.bias");
        }
    }

    @Tag("real")
    @Test
    void tutorial_reachesItsNumbers() {
        var csv = Path.of(System.getProperty("espalier.shared")).resolve("data/tweets/tweets.csv");
        try (var trained = TweetNetwork.train(TextTable.of(csv).columns("5", "0"), 5)) {
            assertThat(trained.accuracy()).isGreaterThan(0.77);
            assertThat(trained.suggested()).as("far below 2e-2").isBetween(2e-4, 1e-2);
        }
    }
}
