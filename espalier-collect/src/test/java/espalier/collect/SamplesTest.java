package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Url;
import espalier.report.DataException;
import espalier.testing.plain.LoopbackServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    @TempDir
    Path directory;

    private static byte[] archive() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("train/cat/1.jpg", "train/dog/2.jpg")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static String md5(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }

    private Samples samples() {
        return Samples.cached()
                .in(directory.resolve("cache"))
                .retries(0)
                .fetch(DownloaderTest.FETCH.deadline(Duration.ofSeconds(20)));
    }

    private static Sample sample(byte[] content, String... urls) throws Exception {
        String head = md5(Arrays.copyOf(content, Math.min(content.length, 1 << 20)));
        var part =
                new Sample.Part(List.of(urls), Optional.of((long) content.length), Optional.empty(), Optional.of(head));
        return new Sample("pets", "some pets", "CC0", "https://home.example", List.of(part));
    }

    @Test
    void fetch_downloadsChecksAndExtractsOnce() throws Exception {
        byte[] content = archive();
        try (var server = LoopbackServer.start(x -> RangeServer.serve(x, content, -1))) {
            var sample = sample(content, server.url("/pets.zip"));
            Path folder = samples().fetch(sample);
            assertThat(folder.resolve("train/cat/1.jpg")).hasContent("train/cat/1.jpg");
            assertThat(samples().fetch(sample)).isEqualTo(folder);
            assertThat(server.requests()).hasSize(1);
            assertThat(samples().asOffline().fetch(sample)).isEqualTo(folder);
        }
    }

    @Test
    void N13_otherContentThanPublished_isRefused() throws Exception {
        byte[] content = archive();
        byte[] other = content.clone();
        other[40] ^= 1;
        try (var server = LoopbackServer.start(
                x -> x.answer(200, x.path().contains("cut") ? Arrays.copyOf(content, 50) : other))) {
            assertThatThrownBy(() -> samples().fetch(sample(content, server.url("/pets.zip"))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("not what its publisher states");
            assertThatThrownBy(() -> samples().fetch(sample(content, server.url("/cut/pets.zip"))))
                    .isInstanceOf(DataException.class);
            assertThat(directory.resolve("cache/archives/pets.zip")).doesNotExist();
            assertThat(directory.resolve("cache/pets")).doesNotExist();
        }
    }

    @Test
    void N13_cachedArchiveThatRotted_isFetchedAgain_andOfflineRefused() throws Exception {
        byte[] content = archive();
        try (var server = LoopbackServer.start(x -> RangeServer.serve(x, content, -1))) {
            var sample = sample(content, server.url("/pets.zip"));
            samples().fetch(sample);
            Path archive = directory.resolve("cache/archives/pets.zip");
            Files.writeString(archive, "rotten");
            assertThatThrownBy(() -> samples().asOffline().fetch(sample))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("ESPALIER_OFFLINE");
            samples().fetch(sample);
            assertThat(archive).hasBinaryContent(content);
        }
    }

    @Test
    void N13_sourceThatIsDown_isReplacedByTheNext() throws Exception {
        byte[] content = archive();
        try (var server = LoopbackServer.start(x -> {
            if (x.path().startsWith("/good") || x.path().startsWith("/mirror")) {
                RangeServer.serve(x, content, -1);
            } else {
                x.answer(503, "");
            }
        })) {
            var sample = sample(content, server.url("/down/pets.zip"), server.url("/good/pets.zip"));
            samples().fetch(sample);
            assertThat(server.requests().stream().map(LoopbackServer.Exchange::path))
                    .containsExactly("/down/pets.zip", "/good/pets.zip");
            samples()
                    .in(directory.resolve("other"))
                    .mirror(server.url("/mirror"))
                    .fetch(sample);
            assertThat(server.requests().get(2).path()).isEqualTo("/mirror/pets.zip");
            assertThatThrownBy(() -> samples()
                            .in(directory.resolve("none"))
                            .fetch(sample(content, server.url("/down/pets.zip"))))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("503");
            assertThatThrownBy(() ->
                            samples().in(directory.resolve("none")).asOffline().fetch(sample))
                    .isInstanceOf(DataException.class);
        }
    }

    @Test
    void N13_mirrorThatAnswersWithAPage_isReplacedByThePublisher() throws Exception {
        byte[] content = archive();
        try (var server = LoopbackServer.start(x -> {
            if (x.path().startsWith("/good")) {
                RangeServer.serve(x, content, -1);
            } else {
                x.answer(x.path().startsWith("/down") ? 503 : 200, "<html>log in</html>");
            }
        })) {
            var mirrored = samples().mirror(server.url("/mirror"));
            Path folder = mirrored.fetch(sample(content, server.url("/good/pets.zip")));
            assertThat(folder.resolve("train/cat/1.jpg")).exists();
            assertThat(server.requests().stream().map(LoopbackServer.Exchange::path))
                    .containsExactly("/mirror/pets.zip", "/good/pets.zip");
            for (String publisher : List.of("/down/pets.zip", "/page/pets.zip")) {
                assertThatThrownBy(() ->
                                mirrored.in(directory.resolve("none")).fetch(sample(content, server.url(publisher))))
                        .isInstanceOf(publisher.contains("down") ? FetchException.class : DataException.class)
                        .hasMessageContaining(server.url("/mirror/pets.zip") + ": pets.zip is not what")
                        .hasMessageContaining(server.url(publisher) + ": ")
                        .hasMessageContaining("Maybe try again later");
            }
        }
    }

    @Test
    void all_haveLicencesHashesAndPlainAddresses() throws Exception {
        assertThat(Samples.all())
                .hasSizeGreaterThan(15)
                .isSortedAccordingTo(java.util.Comparator.comparing(Sample::name));
        assertThat(Samples.all().stream().map(Sample::name))
                .doesNotHaveDuplicates()
                .contains(
                        "imagenette-160",
                        "imagewoof",
                        "pets",
                        "flowers",
                        "planet-sample",
                        "imdb",
                        "cifar10",
                        "mnist",
                        "fashion-mnist");
        for (Sample sample : Samples.all()) {
            assertThat(sample.licence()).isNotBlank();
            assertThat(Url.of(sample.home()).host()).isNotEmpty();
            assertThat(sample.files()).isNotEmpty().allSatisfy(part -> {
                assertThat(part.md5().isPresent()
                                || (part.bytes().isPresent()
                                        && part.md5OfFirstMegabyte().isPresent()))
                        .as(sample.name())
                        .isTrue();
                part.md5().ifPresent(Checksum::md5);
                part.md5OfFirstMegabyte().ifPresent(Checksum::md5);
                for (String url : part.urls()) {
                    assertThat(Url.of(url).target()).endsWith("gz");
                }
            });
        }
        assertThatThrownBy(() -> Samples.named("imagenett"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("imagenette");
    }
}
