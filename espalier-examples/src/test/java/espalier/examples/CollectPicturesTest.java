package espalier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.collect.Search;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Proxies;
import espalier.testing.plain.LoopbackServer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectPicturesTest {
    @TempDir
    Path out;

    /** Six invented pictures a query; the last one is broken. */
    private static void serve(LoopbackServer.Exchange x) throws Exception {
        if (!x.path().startsWith("/v1/images/")) {
            byte[] picture = picture(x.path().hashCode());
            x.answer(200, x.path().endsWith("5.jpg") ? java.util.Arrays.copyOf(picture, picture.length / 2) : picture);
            return;
        }
        var results = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            results.append(i == 0 ? "" : ",")
                    .append(
                            "{\"license\":\"by\",\"license_version\":\"4.0\",\"creator\":\"Ann\",\"url\":\"http://127.0.0.1:")
                    .append(x.socket().getLocalPort())
                    .append("/" + x.query().get("q").replace(' ', '-') + "/" + i + ".jpg\"}");
        }
        x.answer(200, "{\"page_count\":1,\"results\":[" + results + "]}");
    }

    private static byte[] picture(int seed) throws IOException {
        var image = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
        var random = new Random(seed);
        var graphics = image.createGraphics();
        for (int i = 0; i < 20; i++) {
            graphics.setColor(new Color(random.nextInt(1 << 24)));
            graphics.fillOval(
                    random.nextInt(160) - 30,
                    random.nextInt(120) - 30,
                    20 + random.nextInt(80),
                    20 + random.nextInt(80));
        }
        graphics.dispose();
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        return bytes.toByteArray();
    }

    @Test
    void collectPictures_searchesVerifiesAndRepairs() throws IOException {
        var fetch =
                FetchOptions.standard().proxies(Proxies.NONE).allowingPrivate().stallTimeout(Duration.ofSeconds(20));
        try (var server = LoopbackServer.start(CollectPicturesTest::serve)) {
            var search = Search.of("openverse")
                    .endpoint(server.url(""))
                    .env(Map.of())
                    .cache(Optional.empty())
                    .fetch(fetch);
            Path folder = out.resolve("bears");
            var tutorial = new CollectPictures(folder, search, fetch, 6);
            tutorial.collect();
            assertThat(Files.readString(folder.resolve("teddy/attribution.csv")))
                    .contains("Ann", "by 4.0");
            assertThat(tutorial.verify()).as("truncated pictures are not kept").isZero();
            for (String label : List.of("grizzly", "black", "teddy")) {
                truncateOne(folder.resolve(label));
            }
            assertThat(tutorial.verify()).as("one truncated picture a class").isEqualTo(3);
            tutorial.repair();
            assertThat(tutorial.verify()).isZero();
            tutorial.undo();
            assertThat(tutorial.verify()).isEqualTo(3);
        }
    }

    private static void truncateOne(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            Path picture = files.filter(file -> file.toString().endsWith(".jpg"))
                    .findFirst()
                    .orElseThrow();
            byte[] whole = Files.readAllBytes(picture);
            Files.write(picture, java.util.Arrays.copyOf(whole, whole.length / 2));
        }
    }

    @Test
    void collectPictures_extractsArchives() throws IOException {
        Path archive = out.resolve("bears.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("bears/labels.csv"));
            zip.write("a,b".getBytes(StandardCharsets.UTF_8));
        }
        new CollectPictures(out.resolve("data"), Search.of("openverse"), FetchOptions.standard(), 1).extract(archive);
        assertThat(out.resolve("data/bears/labels.csv")).hasContent("a,b");
    }
}
