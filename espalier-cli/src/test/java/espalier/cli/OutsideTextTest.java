package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.RawTensor;
import espalier.format.Safetensors;
import espalier.report.PlainText;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names from outside (of files, classes, tensors, keys) in the output of every command: none begins a line of its own,
 * steers the terminal or turns the direction of writing around.
 */
class OutsideTextTest {
    private static final String FORGED = "saved forged.safetensors";
    private static final String EVIL = "x\u001b[2J\u009b31m\u202e\r\n" + FORGED + "\nespalier: all is well\n";

    @TempDir
    Path folder;

    private Path data;
    private Path model;

    @BeforeEach
    void makeHostileData() throws IOException {
        data = PictureFiles.twoClasses(folder.resolve("data"), 8);
        for (String label : List.of("red", "blue", "class " + EVIL)) {
            PictureFiles.png(data.resolve(label).resolve("picture " + EVIL + ".png"), Color.ORANGE);
            PictureFiles.png(data.resolve(label).resolve("another " + EVIL + ".png"), Color.GREEN);
            Files.writeString(data.resolve(label).resolve("broken " + EVIL + ".jpg"), "none");
        }
        model = PictureFiles.untrained(data, folder.resolve("model.safetensors"));
    }

    private void harmless(String... args) {
        for (boolean json : new boolean[] {false, true}) {
            var all = new ArrayList<>(List.of(args));
            if (json) {
                all.add("--json");
            }
            var run = Run.of(all.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", args[0], run.err()).isNotEqualTo(70);
            plain(args[0] + " out", run.out());
            plain(args[0] + " err", run.err());
        }
    }

    private static void plain(String what, String text) {
        text.codePoints()
                .filter(c -> c != '\n' && !PlainText.isPlain(c))
                .findFirst()
                .ifPresent(c -> {
                    int at = text.indexOf(c);
                    fail(
                            "%s holds U+%04X: %s",
                            what, c, text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 20)));
                });
        assertThat(text.lines())
                .as(what)
                .noneMatch(line -> line.startsWith(FORGED) || line.equals("espalier: all is well"));
    }

    @Test
    void commandsThatLookAtData_areHarmless() {
        harmless("verify", data.toString());
        harmless("show", data.toString(), "--out", folder + "/grid.png");
        harmless("show", data.toString(), "--explain");
        harmless("lr-find", "image", data.toString(), "--size", "32", "--out", folder + "/lr.png");
        harmless("lr-find", "image", folder.resolve("none " + EVIL).toString());
    }

    @Test
    void repairs_areHarmless() {
        harmless("verify", data.toString(), "--fix", "--quarantine");
        harmless("verify", data.toString(), "--undo");
    }

    @Test
    void training_isHarmless() {
        String[] train = {"train", "image", data.toString(), "--epochs", "0", "--size", "32", "--out"};
        var all = new ArrayList<>(List.of(train));
        all.add(folder + "/out " + EVIL + ".safetensors");
        harmless(all.toArray(String[]::new));
    }

    @Test
    void commandsThatJudge_areHarmless() {
        harmless("evaluate", model.toString(), data.toString());
        harmless("interpret", model.toString(), data.toString(), "--out", folder + "/report");
        harmless("clean", model.toString(), data.toString(), "--list", "50");
        harmless("clean", model.toString(), data.toString(), "--list", "50", "--view", "unreadable");
    }

    @Test
    void predictions_areHarmless() {
        harmless("predict", model.toString(), data.toString());
        var csv = Run.of("predict", "--csv", model.toString(), data.toString());
        plain("predict --csv", csv.out());
        assertThat(csv.out().lines()).as("a line for each file").hasSize(1 + 2 * 8 + 9);
        harmless(
                "predict",
                model.toString(),
                folder.resolve("none " + EVIL + ".png").toString());
    }

    @Test
    void modelFiles_areHarmless() throws IOException {
        var document = ModelDocument.of(
                "task " + EVIL,
                new ModelDocument.Architecture("net " + EVIL, Map.of("option " + EVIL, EVIL)),
                List.of("a " + EVIL, "b"));
        Path odd = folder.resolve("odd.safetensors");
        ModelFile.save(odd, document, Map.of("tensor " + EVIL, RawTensor.of(new float[] {1}, 1)));
        harmless("inspect", odd.toString());
        harmless("inspect", odd.toString(), "--tensors");
        harmless("predict", odd.toString(), data.toString());
        harmless("evaluate", odd.toString(), data.toString());
        harmless("serve", odd.toString());
        harmless("package", odd.toString(), "--out", folder + "/package", "--application", folder.toString());
        Path plain = folder.resolve("plain.safetensors");
        Safetensors.write(plain, Map.of("t " + EVIL, RawTensor.of(new float[] {1}, 1)), Map.of("key " + EVIL, EVIL));
        harmless("inspect", plain.toString());
        Path newer = folder.resolve("newer.safetensors");
        Safetensors.write(
                newer,
                Map.of("t", RawTensor.of(new float[] {1}, 1)),
                Map.of("espalier", "{\"format_version\":9,\"requires\":\"1\\u001b[2J\\n" + FORGED + "\"}"));
        harmless("inspect", newer.toString());
    }

    /** A pickle of a dictionary with values that are no tensors, a thousand of them. */
    @Test
    void importOfPth_isHarmless_andSaysOnceWhatItLeavesOut() throws IOException {
        var pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2, '}', '('});
        for (int i = 0; i < 1000; i++) {
            text(pickle, "key " + i + " " + EVIL);
            text(pickle, "value");
        }
        pickle.write("u.".getBytes(StandardCharsets.US_ASCII));
        Path pth = folder.resolve("weights " + EVIL + ".pth");
        try (var zip = new ZipOutputStream(Files.newOutputStream(pth))) {
            stored(zip, "archive/data.pkl", pickle.toByteArray());
            stored(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
        harmless("import", pth.toString(), "--model", "mobilenet-v2", "--out", folder + "/imported.safetensors");
        var run = Run.of("import", pth.toString(), "--model", "mobilenet-v2", "--out", folder + "/i.safetensors");
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err().lines().count()).isLessThan(5);
    }

    @Test
    void archivesAndDownloads_areHarmless() throws IOException {
        Path archive = folder.resolve("a.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String name : List.of("good.txt", "../up " + EVIL, "in " + EVIL + ".txt")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(1);
            }
        }
        harmless("extract", archive.toString(), "--out", folder + "/extracted");
        harmless("fetch", "url", "http://127.0.0.1:1/" + EVIL, "--out", folder + "/fetched");
        harmless("fetch", "url", "http://127.0.0.1:1/" + EVIL, "--any", "--out", folder + "/any");
        harmless("fetch", "dataset", "set " + EVIL, "--out", folder + "/set");
        harmless("fetch", "kaggle", "owner/" + EVIL, "--out", folder + "/kaggle");
        harmless("search", "words", "--provider", EVIL, "--out", folder + "/search");
        harmless("no such command " + EVIL);
        harmless("doctor");
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        out.writeBytes(bytes);
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        var crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
