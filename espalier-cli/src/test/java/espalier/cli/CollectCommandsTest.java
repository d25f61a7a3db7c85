package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import espalier.clean.CleanLock;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that collect data: search, fetch, extract, verify; against a server on this machine. */
class CollectCommandsTest {
    @TempDir
    Path folder;

    private final AtomicInteger pictures = new AtomicInteger();
    private volatile int stalled = Integer.MAX_VALUE;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String home;

    @BeforeEach
    void start() throws IOException {
        home = System.setProperty("user.home", folder.resolve("home").toString());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    @AfterEach
    void stop() {
        System.setProperty("user.home", home);
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body;
        if (path.endsWith(".png") && pictures.incrementAndGet() > stalled) {
            return; // nothing is ever answered
        }
        if (path.equals("/v1/images/") && exchange.getRequestURI().getQuery().contains("q=down")) {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
            return;
        }
        if (path.equals("/v1/images/")) {
            String query = exchange.getRequestURI().getQuery();
            boolean nothing = query.contains("q=nothing");
            var results = new StringBuilder();
            for (int i = 0; i < (nothing ? 0 : 8); i++) {
                String picture = url("/" + Math.abs(query.hashCode()) + "/" + i + (i == 3 ? ".gone" : ".png"));
                results.append(i == 0 ? "" : ",")
                        .append("{\"license\":\"by\",\"creator\":\"Ann\",\"url\":\"" + picture + "\"}");
            }
            body = ("{\"page_count\":1,\"results\":[" + results + "]}").getBytes(StandardCharsets.UTF_8);
            if (query.contains("q=strange")) {
                body = "{\"foo\":1}".getBytes(StandardCharsets.UTF_8);
            }
        } else if (path.endsWith(".zip") || path.startsWith("/kaggle/competitions/data/download-all/")) {
            body = zip("train/a.csv", "x,y");
        } else {
            body = path.endsWith(".png") ? picture(path.hashCode()) : new byte[0];
        }
        exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] zip(String name, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] picture(int seed) throws IOException {
        var image = new BufferedImage(120, 120, BufferedImage.TYPE_INT_RGB);
        var random = new Random(seed);
        for (int y = 0; y < 120; y++) {
            for (int x = 0; x < 120; x += 12) {
                int color = y % 12 == 0 ? random.nextInt(1 << 24) : image.getRGB(x, y - 1);
                for (int i = 0; i < 12; i++) {
                    image.setRGB(x + i, y, color);
                }
            }
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private Run search(String... more) {
        var arguments = new java.util.ArrayList<>(List.of("search"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--endpoint", url(""), "--allow-private"));
        return Run.of(arguments.toArray(new String[0]));
    }

    @Test
    void search_ofClasses_fillsAFolderEach_andVerifyFindsItSound() throws IOException {
        Path out = folder.resolve("bears");
        var run = search("--classes", "grizzly,black", "--query", "{} bear", "--count", "5", "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "5 of 5 pictures for \"grizzly bear\" in " + out.resolve("grizzly"),
                        "next: espalier verify " + out);
        assertThat(asked.get(0)).contains("q=grizzly+bear");
        assertThat(Files.readString(out.resolve("black/attribution.csv"))).contains("Ann");

        var verified = Run.of("verify", out.toString());
        assertThat(verified.exitCode()).as(verified.out()).isZero();
        assertThat(verified.out()).contains("10 pictures {PNG=10}, 4 other files", "next: espalier train image " + out);
    }

    @Test
    void search_ofAClassThatFails_goesOnWithTheOthers() {
        Path out = folder.resolve("two");
        var run = search("--classes", "down,black", "--count", "3", "--out", out.toString(), "--json");
        assertThat(run.exitCode()).isEqualTo(69);
        assertThat(run.json().at("/searches/0/error").asString()).contains("openverse", "HTTP 403", "Maybe ");
        assertThat(run.json().at("/searches/1/kept").asInt()).isEqualTo(3);
        assertThat(run.err()).contains("no search for \"down\": the provider openverse refuses");
        assertThat(out.resolve("black")).isNotEmptyDirectory();
    }

    @Test
    void search_withWrongOptions_isAUsageError() {
        String out = folder.resolve("wrong").toString();
        for (var wrong : List.of(
                List.of("--classes", "a,b,A"),
                List.of("--classes", "a,,b"),
                List.of("--classes", "a,b", "--query", "bear"),
                List.of("bear", "--query", "{} bear"),
                List.of("bear", "--count", "0"),
                List.of("bear", "--min-size", "-1"))) {
            var arguments = new java.util.ArrayList<>(wrong);
            arguments.addAll(List.of("--out", out));
            var run = search(arguments.toArray(new String[0]));
            assertThat(run.exitCode()).as(wrong.toString()).isEqualTo(2);
            assertThat(run.err()).as(wrong.toString()).contains("Maybe ");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void outputThatCannotBeWritten_isToldBeforeAnythingIsAsked() throws IOException {
        String file = Files.writeString(folder.resolve("file"), "x").toString();
        for (String[] command : new String[][] {
            {"search", "bear", "--out", file},
            {"search", "--classes", "a,b", "--out", file + "/below"},
            {"fetch", "url", url("/p/1.png"), "--out", file},
            {"fetch", "url", url("/d/data.zip"), "--any", "--out", file},
            {"fetch", "kaggle", "competition", "titanic", "--out", file},
            {"fetch", "dataset", "imagenette-160", "--out", file}
        }) {
            var run = Run.of(command);
            assertThat(run.exitCode()).as(String.join(" ", command)).isEqualTo(73);
            assertThat(run.err()).contains("cannot write " + file, "Maybe ");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void interrupted_keepsTheReportsOfWhatIsThere_andGoesOn() throws Exception {
        Path out = folder.resolve("slow");
        String[] command = {
            "search",
            "bear",
            "--count",
            "7",
            "--out",
            out.toString(),
            "--endpoint",
            url(""),
            "--allow-private",
            "--json"
        };
        stalled = 3;
        try (var child = Child.start(folder.resolve("log"), folder, Map.of(), command)) {
            long end = System.nanoTime() + 60_000_000_000L;
            while (pictureFiles(out) < 3 && System.nanoTime() < end) {
                Thread.sleep(50);
            }
            child.signal("INT");
            assertThat(child.exitCode(8)).as(child.log()).isEqualTo(130);
            assertThat(child.log()).contains("the same command goes on", "\"interrupted\" : true", "\"kept\" : 3");
        }
        assertThat(Files.readString(out.resolve("attribution.csv"))).hasLineCount(4);
        assertThat(Files.readString(out.resolve("download-report.csv"))).contains("kept");
        assertThat(out.resolve(".espalier-download")).doesNotExist();
        stalled = Integer.MAX_VALUE;
        assertThat(Run.of(command).json().at("/searches/0/kept").asInt()).isEqualTo(7);
    }

    private static long pictureFiles(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".png")).count();
        }
    }

    @Test
    void groupHelp_showsWholeSentences() {
        var help = Run.of("--help").out();
        assertThat(help.replaceAll("\\s+", " "))
                .contains(
                        "extract Extract an archive into a folder, all of it or nothing.",
                        "search Find pictures by words and download them.",
                        "verify Find what is wrong with a data set's pictures and folders.");
    }

    @Test
    void search_json_isOneDocument() {
        var json = search("bear", "--count", "20", "--out", folder.resolve("b").toString(), "--json")
                .json();
        assertThat(json.at("/searches/0/kept").asInt()).isEqualTo(7);
        assertThat(json.at("/searches/0/rejected/0/reason").asString()).isEqualTo("HTTP 404");
    }

    @Test
    void search_thatFindsNothing_exitsWith66_andUnansweredWith69() {
        String out = folder.resolve("none").toString();
        assertThat(search("nothing", "--out", out).exitCode()).isEqualTo(66);
        var refused = Run.of("search", "bear", "--out", out, "--endpoint", url(""));
        assertThat(refused.exitCode()).isEqualTo(69);
        assertThat(refused.err()).contains("--allow-private");
        assertThat(search("bear", "--provider", "altavista", "--out", out).exitCode())
                .isEqualTo(2);
        assertThat(search("bear", "--classes", "a", "--out", out).exitCode()).isEqualTo(2);
        assertThat(search("--out", out).exitCode()).isEqualTo(2);
        var keyless = search("bear", "--provider", "brave", "--out", out);
        assertThat(keyless.exitCode()).isEqualTo(66);
        assertThat(keyless.err()).contains("BRAVE_API_KEY", "https://brave.com", "Maybe ");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void search_thatKeepsNothing_saysWhy() {
        String out = folder.resolve("giants").toString();
        var small = search("giant", "--out", out, "--min-size", "5000");
        assertThat(small.exitCode()).isEqualTo(66);
        assertThat(small.err())
                .contains("7 of 8 pictures that were found are smaller than --min-size 5000", "Maybe lower it")
                .doesNotContain("nothing was found");
        var strange = search("strange", "--out", out);
        assertThat(strange.exitCode()).isEqualTo(65);
        assertThat(strange.err()).contains("without the list \"results\"");
        assertThat(search("--out", out).err())
                .contains("give what to search for")
                .doesNotContain("not both");
    }

    @Test
    void search_ofAList_downloadsItsAddresses() throws IOException {
        Path list =
                Files.writeString(folder.resolve("list.txt"), url("/x/1.png") + "\n# no\n" + url("/x/2.png") + "\n");
        var run = search(
                list.toString(),
                "--provider",
                "urls",
                "--out",
                folder.resolve("l").toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("2 kept, 0 duplicates, 0 left out");
    }

    @Test
    void fetchUrl_keepsPictures_orAnything() {
        Path out = folder.resolve("u");
        var run = Run.of("fetch", "url", url("/p/1.png"), url("/p/x.gone"), "--out", out.toString(), "--allow-private");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("1 kept");
        assertThat(run.err()).contains("HTTP 404");
        var archive = Run.of("fetch", "url", url("/d/data.zip"), "--out", out.toString(), "--allow-private");
        assertThat(archive.exitCode()).isEqualTo(65);
        assertThat(archive.err()).contains("not an image: application/zip", "--any");
        var any = Run.of(
                "fetch",
                "url",
                url("/d/data.zip"),
                "--any",
                "--extract",
                "--out",
                out.toString(),
                "--allow-private",
                "--json");
        assertThat(any.exitCode()).as(any.err()).isZero();
        assertThat(out.resolve("train/a.csv")).hasContent("x,y");
        assertThat(any.json().at("/files/0").asString()).endsWith("data.zip");
        assertThat(any.json().at("/warnings").isArray()).isTrue();
    }

    @Test
    void fetchUrl_any_tellsAddressesApart_alsoInAFolderWrittenWithDots() {
        String out = folder + "/./any";
        for (String address : List.of("/a/data.zip", "/b/data.zip", "/a/data.zip")) {
            var run = Run.of("fetch", "url", url(address), "--any", "--extract", "--out", out, "--allow-private");
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains(address.startsWith("/b") ? "data-2.zip" : "data.zip");
        }
        assertThat(asked).filteredOn(line -> line.contains("data.zip")).hasSize(2);
        assertThat(Path.of(out).resolve("train/a.csv")).hasContent("x,y");
    }

    @Test
    void endpoint_thatIsNoAddress_isWrongUsage_inEveryCommand() {
        String out = folder.resolve("e").toString();
        for (String endpoint : List.of("notaurl", "file:///etc", "http://", "http://ann:s3cr3t@host/")) {
            for (var command : List.of(
                    List.of("search", "bear"),
                    List.of("fetch", "url", url("/1.png")),
                    List.of("fetch", "url", url("/1.png"), "--any"),
                    List.of("fetch", "dataset", "planet-tiny"),
                    List.of("fetch", "kaggle", "dataset", "a/b"))) {
                var arguments = new java.util.ArrayList<>(command);
                arguments.addAll(List.of("--out", out, "--endpoint", endpoint));
                var run = Run.of(arguments.toArray(new String[0]));
                assertThat(run.exitCode()).as(arguments + run.err()).isEqualTo(2);
                assertThat(run.err())
                        .contains("--endpoint: expected an http or https address", "Maybe write it in full")
                        .doesNotContain("s3cr3t");
            }
        }
        assertThat(folder.resolve("e")).doesNotExist();
        assertThat(Run.of("fetch", "kaggle", "dataset", "a/..").exitCode()).isEqualTo(2);
    }

    @Test
    void fetchKaggle_downloadsAndExtracts_withTheKeyOfTheFile() throws Exception {
        Path out = folder.resolve("k");
        String[] command = {
            "fetch",
            "kaggle",
            "competition",
            "planet",
            "--out",
            out.toString(),
            "--endpoint",
            url("/kaggle"),
            "--allow-private"
        };
        // In processes of their own, as HOME says where the key lies and cannot be set in this one.
        Path home = Files.createDirectories(folder.resolve("own"));
        var environment = Map.of("HOME", home.toString(), "KAGGLE_CONFIG_DIR", "");
        Path log = folder.resolve("log");
        try (var without = Child.start(log, folder, environment, command)) {
            assertThat(without.exitCode(120)).as(without.log()).isEqualTo(66);
            assertThat(without.log()).contains(home + "/.kaggle/kaggle.json", "https://www.kaggle.com/settings");
        }
        assertThat(out).doesNotExist();
        Path key = Files.createDirectories(home.resolve(".kaggle")).resolve("kaggle.json");
        Files.writeString(key, "{\"username\":\"ann\",\"key\":\"s3cr3t\"}");
        try (var run = Child.start(log, folder, environment, command)) {
            assertThat(run.exitCode(120)).as(run.log()).isZero();
            assertThat(run.log()).contains("chmod 600", "1 file extracted").doesNotContain("s3cr3t");
        }
        assertThat(out.resolve("train/a.csv")).exists();
        assertThat(asked).contains("/kaggle/competitions/data/download-all/planet Basic YW5uOnMzY3IzdA==");
    }

    @Test
    void fetchDataset_listsThemWithLicences_andChecksWhatAMirrorGives() throws Exception {
        var list = Run.of("fetch", "dataset", "--list");
        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).contains("imagenette-160", "licence: CC BY-SA 4.0");
        String[] command = {
            "fetch",
            "dataset",
            "planet-tiny",
            "--out",
            folder.resolve("c").toString(),
            "--allow-private",
            "--endpoint",
            url("/x.zip?")
        };
        // The publisher is out of reach: it must be asked next, but not by tests.
        var environment = Map.of("HTTPS_PROXY", "http://127.0.0.1:1", "https_proxy", "http://127.0.0.1:1");
        try (var wrong = Child.start(folder.resolve("log"), folder, environment, command)) {
            assertThat(wrong.exitCode(120)).as(wrong.log()).isEqualTo(69);
            assertThat(wrong.log())
                    .contains("not what its publisher states", "; https://", "proxy", "Maybe try again later");
        }
        assertThat(Run.of("fetch", "dataset", "no-such").exitCode()).isEqualTo(2);
    }

    @Test
    void extract_refusesWhatLeadsOut() throws IOException {
        Path good = Files.write(folder.resolve("good.zip"), zip("a/b.txt", "hello"));
        Path bad = Files.write(folder.resolve("bad.zip"), zip("../evil.txt", "x"));
        Path out = folder.resolve("e");
        var run = Run.of("extract", good.toString(), "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("1 file, 0 MB");
        var refused = Run.of("extract", bad.toString(), "--out", out.toString());
        assertThat(refused.exitCode()).isEqualTo(65);
        assertThat(refused.err()).contains("climbs out");
        var skipped = Run.of("extract", bad.toString(), "--out", out.toString(), "--skip-bad", "--json");
        assertThat(skipped.exitCode()).isZero();
        assertThat(skipped.json().at("/rejected/0/file").asString()).isEqualTo("../evil.txt");
        assertThat(folder.resolve("evil.txt")).doesNotExist();
        assertThat(Run.of("extract", folder.resolve("none.zip").toString(), "--out", "x")
                        .exitCode())
                .isEqualTo(66);
    }

    @Test
    void extract_ofWhatIsCutOrWrong_saysSo_andLeavesNothing() throws IOException {
        Path good = Files.write(folder.resolve("good.zip"), zip("a/b.txt", "hello".repeat(1000)));
        Path file = Files.writeString(folder.resolve("file"), "x");
        var unwritable = Run.of("extract", good.toString(), "--out", file.toString());
        assertThat(unwritable.exitCode()).isEqualTo(73);
        assertThat(unwritable.err()).contains("cannot write " + file, "Maybe ");
        String out = folder.resolve("e").toString();
        for (String option : List.of("--max-ratio=0", "--max-gb=-1", "--max-entries=-5")) {
            var wrong = Run.of("extract", good.toString(), "--out", out, option);
            assertThat(wrong.exitCode()).as(option).isEqualTo(2);
            assertThat(wrong.err()).contains(option.replaceAll("=.*", "") + " is ", "Maybe ");
        }
        assertThat(Run.of("extract", good.toString(), "--out", out, "--max-ratio", "2")
                        .exitCode())
                .isEqualTo(65);
        assertThat(Run.of("extract", folder.toString(), "--out", out).err()).contains("is a folder");
        assertThat(folder.resolve("e")).doesNotExist();
    }

    @Test
    void verify_ofOneClass_tellsOfNoTraining() throws IOException {
        Path data = Files.createDirectories(folder.resolve("one/cat")).getParent();
        Files.write(data.resolve("cat/a.png"), picture(1));
        Files.write(data.resolve("b.png"), picture(2));
        var one = Run.of("verify", data.toString());
        assertThat(one.exitCode()).isZero();
        assertThat(one.out())
                .contains("training needs two classes, and there is only cat", "(in no class's folder)=1")
                .doesNotContain("next:", "{=");
        Files.write(Files.createDirectories(data.resolve("dog")).resolve("c.png"), picture(3));
        assertThat(Run.of("verify", data.toString()).out()).contains("next: espalier train image");
    }

    @Test
    void verify_thatCannotDealWithAFile_saysSo() throws IOException {
        Path data = folder.resolve("stuck");
        for (String name : List.of("cat", "dog")) {
            Files.write(Files.createDirectories(data.resolve(name)).resolve("a.png"), new byte[0]);
            Files.write(data.resolve(name + "/b.png"), picture(name.hashCode()));
        }
        Files.createDirectories(data.resolve(".espalier/trash"));
        Files.writeString(data.resolve(".espalier/trash/cat"), "in the way");
        var run = Run.of("verify", data.toString(), "--quarantine", "--json");
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.json().at("/changes/0/from").asString()).isEqualTo("dog/a.png");
        assertThat(run.json().at("/left/0/file").asString()).isEqualTo("cat/a.png");
        assertThat(run.err()).contains("not everything was dealt with");
    }

    @Test
    void verify_quarantinesAndUndoes() throws IOException {
        Path data = folder.resolve("data");
        for (int i = 0; i < 3; i++) {
            Files.createDirectories(data.resolve("cat"));
            Files.write(data.resolve("cat/" + i + ".png"), picture(i));
        }
        Files.write(data.resolve("cat/empty.png"), new byte[0]);
        Files.write(data.resolve("cat/named.jpg"), picture(9));
        var found = Run.of("verify", data.toString(), "--json");
        assertThat(found.exitCode()).isEqualTo(65);
        assertThat(found.json().get("sound").asBoolean()).isFalse();
        assertThat(found.json().at("/report/findings/0/reason").asString()).isEqualTo("empty file");
        assertThat(Run.of("verify", data.toString()).out())
                .contains("broken: 1", "cat/empty.png: empty file", "wrong extension: 1", "--fix --quarantine");

        try (var cleaner = CleanLock.take(data)) {
            assertThat(cleaner).isNotNull();
            var refused = Run.of("verify", data.toString(), "--fix", "--quarantine");
            assertThat(refused.exitCode()).isEqualTo(73);
            assertThat(refused.err()).contains("open in a cleaner");
            assertThat(data.resolve("cat/empty.png")).exists();
        }
        var fixed = Run.of("verify", data.toString(), "--fix", "--quarantine");
        assertThat(fixed.exitCode()).as(fixed.out()).isZero();
        assertThat(fixed.out()).contains("2 files changed; undo by: espalier verify " + data + " --undo");
        assertThat(data.resolve("cat/named.png")).exists();
        assertThat(Run.of("verify", data.toString()).exitCode()).isZero();

        assertThat(Run.of("verify", data.toString(), "--undo").out()).contains("2 files are back");
        assertThat(data.resolve("cat/empty.png")).exists();
        assertThat(data.resolve("cat/named.jpg")).exists();
        assertThat(Run.of("verify", folder.resolve("none").toString()).exitCode())
                .isEqualTo(66);
    }
}
