package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import espalier.testing.plain.LoopbackServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KaggleTest {
    @TempDir
    Path directory;

    private static final KaggleCredentials ANN = KaggleCredentials.key("ann", "s3cr3t");

    private static Kaggle kaggle(LoopbackServer server, KaggleCredentials credentials) {
        return Kaggle.of(credentials)
                .endpoint(server.url("/api/v1/"))
                .fetch(DownloaderTest.FETCH.deadline(Duration.ofSeconds(20)));
    }

    private static byte[] zip(String name, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void download_redirectsToStorageWithoutTheKey_andResumesThere() throws Exception {
        byte[] content = zip("a.csv", "x".repeat(10_000) + Math.PI);
        int half = content.length / 2;
        try (var storage = LoopbackServer.start(x -> RangeServer.serve(x, content, half + 1));
                var server = LoopbackServer.start(x -> x.answer(302, "", "Location: " + storage.url("/blob?sig=1")))) {
            Path file = kaggle(server, ANN).competition("planet", directory);
            assertThat(file).hasFileName("planet.zip").hasBinaryContent(content);
            assertThat(server.requests().get(0).path()).isEqualTo("/api/v1/competitions/data/download-all/planet");
            assertThat(server.requests().get(0).headers()).containsEntry("authorization", "Basic YW5uOnMzY3IzdA==");
            assertThat(storage.requests()).hasSize(2);
            assertThat(storage.requests()).noneMatch(x -> x.headers().containsKey("authorization"));
            assertThat(storage.requests().get(1).headers()).containsEntry("range", "bytes=" + (half + 1) + "-");
        }
    }

    @Test
    void paths_areTheDocumentedOnes_andTokensAreBearers() throws Exception {
        try (var server =
                LoopbackServer.start(x -> x.answer(200, x.path().endsWith("csv") ? zip("f", "1") : new byte[] {1}))) {
            var kaggle = kaggle(server, KaggleCredentials.token("tok"));
            assertThat(kaggle.dataset("zillow/zecon", directory)).hasFileName("zecon.zip");
            assertThat(kaggle.dataset("zillow/zecon", "a b/State time.txt", directory))
                    .hasFileName("a b_State time.txt");
            assertThat(kaggle.competition("titanic", "train.csv", directory))
                    .as("packed without saying so")
                    .hasFileName("train.csv.zip");
            assertThat(server.requests().stream().map(LoopbackServer.Exchange::target))
                    .containsExactly(
                            "/api/v1/datasets/download/zillow/zecon",
                            "/api/v1/datasets/download/zillow/zecon/a%20b/State%20time.txt",
                            "/api/v1/competitions/data/download/titanic/train.csv");
            assertThat(server.requests())
                    .allMatch(x -> x.headers().get("authorization").equals("Bearer tok"));
            kaggle.competition("titanic", "train.csv", directory);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void N13_sameSlugOfAnotherOwner_isRefusedInTheSameFolder() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(200, zip("f", x.path())))) {
            var kaggle = kaggle(server, ANN);
            Path file = kaggle.dataset("zillow/zecon", directory);
            assertThat(kaggle.dataset("zillow/zecon", directory)).isEqualTo(file);
            kaggle.dataset("zillow/zecon", "a.csv", directory);
            assertThat(server.requests()).hasSize(2);
            assertThatThrownBy(() -> kaggle.dataset("other/zecon", directory))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("zecon.zip is there already")
                    .hasMessageContaining("/zillow/zecon, not from");
            assertThatThrownBy(() -> kaggle.dataset("other/zecon", "a.csv", directory))
                    .isInstanceOf(DataException.class);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void files_areListedPageByPage() throws Exception {
        try (var server = LoopbackServer.start(x -> x.answer(
                200,
                switch (x.target()) {
                    case "/api/v1/competitions/data/list/titanic" ->
                        "{\"files\":[{\"name\":\"train.csv\"}],\"nextPageToken\":\"p2\"}";
                    case "/api/v1/competitions/data/list/titanic?pageToken=p2" ->
                        "{\"files\":[{\"name\":\"test.csv\"}],\"nextPageToken\":\"\"}";
                    default -> "[{\"name\":\"old.csv\",\"totalBytes\":3}]";
                }))) {
            assertThat(kaggle(server, ANN).files("titanic")).containsExactly("train.csv", "test.csv");
            assertThat(kaggle(server, ANN).files("older")).isEqualTo(List.of("old.csv"));
        }
    }

    @Test
    void refusals_sayWhatToDo_andNeverTheKey() throws Exception {
        try (var server = LoopbackServer.start(x ->
                x.answer(Integer.parseInt(x.path().replaceAll("\\D+1\\D+", "")), "{\"message\":\"ann s3cr3t\"}"))) {
            var kaggle = kaggle(server, ANN);
            assertThatThrownBy(() -> kaggle.competition("a401", directory))
                    .hasMessageContaining("does not accept the key")
                    .hasMessageContaining("https://www.kaggle.com/settings")
                    .hasMessageNotContaining("s3cr3t");
            assertThatThrownBy(() -> kaggle.competition("a403", directory))
                    .hasMessageContaining("rules were not accepted")
                    .hasMessageContaining("https://www.kaggle.com/c/a403/rules");
            assertThatThrownBy(() -> kaggle.files("a403")).hasMessageContaining("rules were not accepted");
            assertThatThrownBy(() -> kaggle.dataset("a/b403", directory))
                    .hasMessageContaining("data set a/b403")
                    .hasMessageContaining("https://www.kaggle.com/datasets/a/b403")
                    .hasMessageNotContaining("rules");
            assertThatThrownBy(() -> kaggle.dataset("a/b404", directory))
                    .hasMessageContaining("Kaggle has no data set a/b404");
            assertThatThrownBy(() -> kaggle.files("a500"))
                    .hasMessageContaining("Kaggle is in trouble: ")
                    .hasMessageContaining("HTTP 500")
                    .hasMessageContaining("Maybe try again in some minutes");
        }
        assertThatThrownBy(() -> Kaggle.of(ANN).competition("../admin", directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("titanic");
        for (String name : List.of("a/..", "a/.", "../b", "a", "a/b/c")) {
            assertThatThrownBy(() -> Kaggle.of(ANN).dataset(name, directory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("zillow/zecon");
        }
        assertThat(ANN.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void credentials_comeFromTokenThenVariablesThenFile() throws Exception {
        Path file = Files.createDirectories(directory.resolve(".kaggle")).resolve("kaggle.json");
        assertThatThrownBy(() -> KaggleCredentials.find(Map.of(), directory))
                .isInstanceOf(DataException.class)
                .hasCauseInstanceOf(java.nio.file.NoSuchFileException.class)
                .hasMessageContaining("https://www.kaggle.com/settings");
        Files.writeString(file, "{\"username\":\"bob\",\"key\":\"k\"}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        var fromFile = KaggleCredentials.find(Map.of(), directory);
        assertThat(fromFile.authorization())
                .isEqualTo(KaggleCredentials.key("bob", "k").authorization());
        assertThat(fromFile.warnings().toString()).contains("chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(KaggleCredentials.find(Map.of(), directory).warnings()).isEmpty();

        var both = Map.of("KAGGLE_USERNAME", "eve", "KAGGLE_KEY", "e");
        assertThat(KaggleCredentials.find(both, directory).authorization())
                .isEqualTo(KaggleCredentials.key("eve", "e").authorization());
        assertThat(KaggleCredentials.find(Map.of("KAGGLE_API_TOKEN", "t"), directory)
                        .authorization())
                .isEqualTo("Bearer t");

        Files.writeString(file, "not json, but s3cr3t");
        assertThatThrownBy(() -> KaggleCredentials.find(Map.of(), directory))
                .hasMessageContaining("is no JSON")
                .hasMessageNotContaining("s3cr3t");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> KaggleCredentials.find(Map.of(), directory))
                .hasMessageContaining("has no \"username\"");
    }
}
