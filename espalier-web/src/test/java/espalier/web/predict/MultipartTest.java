package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.web.WebException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=b";
    private static final String HEAD = "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n";

    private static List<Multipart.Part> parse(String body) {
        return parse(TYPE, body);
    }

    private static List<Multipart.Part> parse(String type, String body) {
        return Multipart.parse(body.getBytes(StandardCharsets.UTF_8), type, 8);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String type, String body) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        var refused = assertThatThrownBy(() -> parse(type, body)).isInstanceOf(WebException.class);
        assertThat((threads.getCurrentThreadCpuTime() - start) / 1e6)
                .as("milliseconds of work")
                .isLessThan(500);
        return refused;
    }

    @Test
    void parts_areTakenApart() {
        String bytes = "\u0000\r\n--\r\n--a\r\n\r\nx";
        var parts = parse("ignored before\r\n--b\r\n" + HEAD + "Content-Type: image/png\r\n\r\n" + bytes
                + "\r\n--b\r\ncontent-disposition: FORM-DATA; name=note\r\n\r\n\r\n--b--\r\nignored after");
        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).name()).isEqualTo("file");
        assertThat(parts.get(0).file()).contains("a.png");
        assertThat(new String(parts.get(0).bytes(), StandardCharsets.UTF_8)).isEqualTo(bytes);
        assertThat(parts.get(1).name()).isEqualTo("note");
        assertThat(parts.get(1).file()).isEmpty();
        assertThat(parts.get(1).bytes()).isEmpty();
        assertThat(parse(
                        "multipart/form-data; charset=utf-8; boundary=\"b c\"",
                        "--b c\r\n" + HEAD + "\r\nx\r\n--b c--"))
                .hasSize(1);
    }

    @Test
    void S07_namesOfFiles_areTextsOnly() {
        for (var name : List.of("../../x", "con.jpg", "C:\\x\\y.png", "/etc/passwd", "nul\u0000.png", "ü犬.png")) {
            String escaped = name.replace("\\", "\\\\");
            var part = parse("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + escaped
                            + "\"\r\n\r\nx\r\n--b--")
                    .get(0);
            assertThat(part.file()).contains(name);
        }
        var extended = parse(
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''na%C3%AFve%20dog.png\r\n\r\nx\r\n--b--");
        assertThat(extended.get(0).file()).contains("naïve dog.png");
    }

    @Test
    void S07_brokenBodies_areRefusedQuickly() {
        String good = "--b\r\n" + HEAD + "\r\nx\r\n--b--";
        assertThat(parse(good)).hasSize(1);
        for (String type : List.of(
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=" + "b".repeat(10_000),
                "multipart/form-data; boundary=" + "b".repeat(71),
                "multipart/form-data; boundary=\"ü\"",
                "multipart/mixed; boundary=b")) {
            assertRefused(type, good).hasMessageContaining("boundary");
        }
        for (String body : List.of(
                "",
                "--b",
                "--b\r\n",
                "--bx\r\n" + HEAD + "\r\nx\r\n--b--",
                "--b\r\n" + HEAD + "\r\nx",
                "--b\r\n" + HEAD,
                "--b\r\n" + HEAD + "\r\nx\r\n--b",
                "--b\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
                "--b\r\n" + HEAD + HEAD + "\r\nx\r\n--b--",
                "--b\r\n" + HEAD + "Content-Type: multipart/mixed; boundary=c\r\n\r\nx\r\n--b--",
                "--b\r\nX: " + "y".repeat(1 << 20) + "\r\n" + HEAD + "\r\nx\r\n--b--",
                "--b\r\n" + "X: y\r\n".repeat(100_000) + HEAD + "\r\nx\r\n--b--",
                "\r\n--".repeat(1 << 18),
                "\r\n--b".repeat(1 << 18),
                "--b\r\n" + "-".repeat(1 << 22))) {
            assertRefused(TYPE, body);
        }
        String field = "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n";
        String file = "--b\r\n" + HEAD + "\r\nx\r\n";
        assertThat(parse(field.repeat(16) + file.repeat(8) + "--b--")).hasSize(24);
        assertRefused(TYPE, field.repeat(17) + "--b--").hasMessageContaining("16 fields");
        assertRefused(TYPE, file.repeat(9) + "--b--").hasMessageContaining("8 files");
        assertRefused(TYPE, ("--b\r\n" + HEAD + "\r\nx\r\n").repeat(100_000) + "--b--")
                .satisfies(
                        refused -> assertThat(((WebException) refused).status()).isEqualTo(413));
    }

    @Test
    void S07_mutatedBodies_areTakenApartOrRefused() {
        byte[] good = ("--b\r\n" + HEAD + "\r\nx\r\n--b\r\n" + HEAD + "Content-Type: image/png\r\n\r\ny\r\n--b--\r\n")
                .getBytes(StandardCharsets.UTF_8);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] body = Arrays.copyOf(good, random.nextInt(10) == 0 ? random.nextInt(good.length) : good.length);
            for (int k = random.nextInt(4); k >= 0 && body.length > 0; k--) {
                body[random.nextInt(body.length)] = (byte) "\r\n-b;=\"\\x: \u0000".charAt(random.nextInt(12));
            }
            try {
                assertThat(Multipart.parse(body, TYPE, 8).size()).isLessThan(9);
            } catch (WebException told) {
                refused++;
                assertThat(told.status()).isEqualTo(400);
            }
        }
        assertThat(refused).isBetween(1000, 19_900);
    }
}
