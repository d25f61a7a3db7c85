package espalier.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
    @TempDir
    Path directory;

    private Path out() {
        return directory.resolve("deep/er/out");
    }

    private static byte[] zip(String... namesAndTexts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                zip.putArchiveEntry(new ZipArchiveEntry(namesAndTexts[i]));
                zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(String... namesAndTexts) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] text = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(namesAndTexts[i], true);
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private byte[] sevenZip(String name, byte[] content) throws IOException {
        Path file = directory.resolve("made.7z");
        Files.deleteIfExists(file);
        try (var sevenZip = new SevenZOutputFile(file.toFile())) {
            var entry = new SevenZArchiveEntry();
            entry.setName(name);
            sevenZip.putArchiveEntry(entry);
            sevenZip.write(content);
            sevenZip.closeArchiveEntry();
        }
        return Files.readAllBytes(file);
    }

    private static byte[] packed(String format, byte[] content) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new CompressorStreamFactory().createCompressorOutputStream(format, bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private Path save(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private List<String> found() throws IOException {
        try (var walk = Files.walk(out())) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> out().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private void refused(String name, byte[] bytes, String reason) throws IOException {
        refused(Archives.into(out()), name, bytes, reason);
    }

    private void refused(Archives rules, String name, byte[] bytes, String reason) throws IOException {
        Path archive = save(name, bytes);
        assertThatThrownBy(() -> rules.extract(archive))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
        try (var walk = Files.walk(directory)) {
            assertThat(walk.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
                    .as("nothing is left, inside or outside")
                    .isSubsetOf(name, "made.7z");
        }
        Files.delete(archive);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bzip2", "xz"})
    void packedTar_isExtracted_whateverItsName(String format) throws Exception {
        byte[] archive = packed(format, tar("train/a.txt", "A", "train/ü.txt", "Ü"));
        var extracted = Archives.into(out()).extract(save("data.bin", archive));
        assertThat(found()).containsExactly("train/a.txt", "train/ü.txt");
        assertThat(extracted.files()).isEqualTo(2);
        assertThat(extracted.bytes()).isEqualTo(3);
        assertThat(Files.readString(out().resolve("train/ü.txt"))).isEqualTo("Ü");
    }

    @Test
    void zipTarAnd7z_areExtracted() throws Exception {
        Archives.into(out()).extract(save("a.zip", zip("a/1.txt", "1", "a/", "", "b\\2.txt", "2")));
        Archives.into(out()).extract(save("b.tar", tar("a/3.txt", "3")));
        Archives.into(out()).extract(save("c.7z", sevenZip("a/4.txt", new byte[] {52})));
        Archives.into(out()).extract(save("labels.csv.gz", packed("gz", "x,y".getBytes(StandardCharsets.UTF_8))));
        assertThat(found()).containsExactly("a/1.txt", "a/3.txt", "a/4.txt", "b/2.txt", "labels.csv");
    }

    @Test
    void nestedArchives_asInPlanet_becomeTheirFiles() throws Exception {
        byte[] inner =
                sevenZip("train-jpg.tar", tar("train-jpg/train_0.jpg", "picture", "train-jpg/train_1.jpg", "other"));
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (var entry : List.of("planet/train-jpg.tar.7z", "planet/train.csv.zip", "planet/notes.zip.txt")) {
                zip.putArchiveEntry(new ZipArchiveEntry(entry));
                zip.write(entry.endsWith("7z") ? inner : zip("train.csv", "image_name,tags"));
                zip.closeArchiveEntry();
            }
        }
        var extracted = Archives.into(out()).extract(save("planet.zip", bytes.toByteArray()));
        assertThat(found())
                .containsExactly(
                        "planet/notes.zip.txt",
                        "planet/train-jpg/train_0.jpg",
                        "planet/train-jpg/train_1.jpg",
                        "planet/train.csv");
        assertThat(extracted.files()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil|climbs", "a/../../evil|climbs", "..\\evil|climbs", "/etc/evil|absolute",
                "C:\\evil|drive", "c:evil|drive", "\\\\host\\share\\evil|absolute", "a/\u0001b|control",
                "a/..|climbs"
            })
    void D32_namesThatLeadOut_areRefused(String nameAndReason) throws Exception {
        String[] parts = nameAndReason.split("\\|");
        refused("bad.zip", zip("ok.txt", "fine", parts[0], "evil"), parts[1]);
        refused("bad.tar", tar("ok.txt", "fine", parts[0], "evil"), parts[1]);
        refused("bad.7z", sevenZip(parts[0], new byte[1]), parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".espalier/journal.jsonl", "a/.espalier/trash/b", ".ESPALIER", "./.espalier./x", ".espalier /x"})
    void D32_notesOfEspalier_areRefused(String name) throws Exception {
        refused("bad.zip", zip("ok.txt", "fine", name, "{}"), name + " lies in .espalier");
        refused("bad.tar", tar("ok.txt", "fine", name, "{}"), "lies in .espalier");
        var extracted = Archives.into(out()).skippingBad().extract(save("bad.zip", zip("ok.txt", "fine", name, "{}")));
        assertThat(found()).containsExactly("ok.txt");
        assertThat(extracted.rejected().toString()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "./x", "x/.", "..", "../x", "../base/./x/y"})
    void targetWithDots_isWhereItPointsTo(String written) throws Exception {
        Path base = Files.createDirectories(directory.resolve("over/base"));
        Path target = Path.of(base + "/" + written);
        Path cut = save("cut.zip", java.util.Arrays.copyOf(zip("a", "b"), 40));
        assertThatThrownBy(() -> Archives.into(target).extract(cut)).hasMessageContaining("cut off");
        assertThat(base).as("what was made is gone").isEmptyDirectory();
        Archives.into(target).extract(save("a.zip", zip("a/1.txt", "1", "a/2.txt", "2")));
        assertThat(target.toRealPath().resolve("a/1.txt")).hasContent("1");
        assertThatThrownBy(() -> Archives.into(target).extract(save("bad.zip", zip("../evil", "1"))))
                .hasMessageContaining("climbs out");
    }

    @Test
    void emptyFolders_areMade() throws Exception {
        Archives.into(out()).extract(save("a.zip", zip("empty/", "", "deep/empty/", "", "a.txt", "1")));
        Archives.into(out()).extract(save("b.tar", tar("more/", "", "deep/more/", "")));
        for (String folder : List.of("empty", "deep/empty", "more", "deep/more")) {
            assertThat(out().resolve(folder)).isEmptyDirectory();
        }
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(out().resolve("link"), elsewhere);
        Path archive = save("c.zip", zip("link/empty/", ""));
        assertThatThrownBy(() -> Archives.into(out()).extract(archive)).hasMessageContaining("is a link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void D32_longNames_areRefused() throws Exception {
        refused("bad.tar", tar("x".repeat(5_000), "evil"), "a name of 5000 characters");
        refused("bad.zip", zip("x".repeat(65_000), "evil"), "a name of 65000 bytes");
        refused("part.zip", zip("x".repeat(300), "evil"), "longer than 255 bytes");
    }

    @Test
    void D32_linksAndDevices_areRefused() throws Exception {
        for (byte kind : new byte[] {
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_FIFO,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK
        }) {
            var bytes = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(bytes)) {
                var entry = new TarArchiveEntry("link", kind);
                entry.setLinkName("../../../etc");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            refused("bad.tar", bytes.toByteArray(), "is a ");
        }
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            var entry = new ZipArchiveEntry("link");
            entry.setUnixMode(UnixStat.LINK_FLAG | 0777);
            zip.putArchiveEntry(entry);
            zip.write("/etc".getBytes(StandardCharsets.UTF_8));
            zip.closeArchiveEntry();
        }
        refused("bad.zip", bytes.toByteArray(), "is a link");
    }

    @Test
    void D32_sameNameTwice_isRefused() throws Exception {
        refused("bad.zip", zip("a.txt", "1", "./a.txt", "2"), "is there twice");
        refused("bad.tar", tar("a.txt", "1", "a.txt", "2"), "is there twice");
        refused("under.tar", tar("a", "1", "a/b", "2"), "is there twice");
    }

    @Test
    void D32_bombs_areStoppedByGrowthBytesAndDepth() throws Exception {
        byte[] zeros = packed("gz", new byte[80_000_000]);
        refused("bomb.gz", zeros, "200 times as large");
        byte[] inner = zip("0.txt", "0".repeat(9_000_000));
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (int i = 0; i < 16; i++) {
                zip.putArchiveEntry(new ZipArchiveEntry(i + "/lib.zip"));
                zip.write(inner);
                zip.closeArchiveEntry();
            }
        }
        refused("42.zip", bytes.toByteArray(), "200 times as large");
        refused(Archives.into(out()).maxBytes(10), "big.zip", zip("a", "x".repeat(11)), "more than 10 bytes");

        byte[] deep = zip("a.txt", "end");
        for (int i = 0; i < 5; i++) {
            var outer = new ByteArrayOutputStream();
            try (var zip = new ZipArchiveOutputStream(outer)) {
                zip.putArchiveEntry(new ZipArchiveEntry("next.zip"));
                zip.write(deep);
                zip.closeArchiveEntry();
            }
            deep = outer.toByteArray();
        }
        refused("next.zip", deep, "3 archives deep");
    }

    @Test
    void D32_millionEntries_areRefusedBeforeTheyAreHeld() throws Exception {
        int count = 1_000_000;
        var bytes = ByteBuffer.allocate(count * 46 + 22 + 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0x04034b50);
        for (int i = 0; i < count; i++) {
            int at = bytes.position();
            bytes.putInt(0x02014b50).position(at + 46);
        }
        bytes.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1); // it says there is one
        bytes.putInt(count * 46).putInt(4).putShort((short) 0);
        refused("many.zip", bytes.array(), "more than 500000 entries");

        String[] names = new String[22];
        java.util.Arrays.setAll(names, i -> "file" + i);
        refused(Archives.into(out()).maxEntries(10), "many.tar", tar(names), "more than 10 entries");
    }

    @Test
    void D32_lyingSizesAndChecksums_areRefused() throws Exception {
        byte[] size = zip("a.txt", "hello hello hello hello");
        int directory = indexOf(size, 0x02014b50);
        ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, 5);
        refused("size.zip", size, "says it holds 5 bytes, but holds 23");

        byte[] checksum = zip("a.txt", "hello");
        var wrong = new CRC32();
        wrong.update(1);
        ByteBuffer.wrap(checksum).order(ByteOrder.LITTLE_ENDIAN).putInt(indexOf(checksum, 0x02014b50) + 16, (int)
                wrong.getValue());
        refused("checksum.zip", checksum, "does not match its checksum");
    }

    private static int indexOf(byte[] bytes, int signature) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (buffer.getInt(at) != signature) {
            at++;
        }
        return at;
    }

    @Test
    void brokenArchives_leaveNothing() throws Exception {
        byte[] whole = packed("gz", tar("a.txt", "x".repeat(5000), "b.txt", "y"));
        refused("cut.tar.gz", java.util.Arrays.copyOf(whole, whole.length / 2), "is broken");
        refused("cut.zip", java.util.Arrays.copyOf(zip("a", "b"), 40), "cut off");
        refused("page.zip", "<html>please log in".getBytes(StandardCharsets.UTF_8), "text/html");
        byte[] sevenZip = sevenZip("a", new byte[1000]);
        sevenZip[sevenZip.length - 5] ^= 1;
        refused("flipped.7z", sevenZip, "is broken");
    }

    @Test
    void skippingBad_extractsTheRest_andNamesWhatIsMissing() throws Exception {
        var extracted = Archives.into(out())
                .skippingBad()
                .extract(save("mixed.tar", tar("a.txt", "1", "../evil", "2", "b.txt", "3", "/abs", "4")));
        assertThat(found()).containsExactly("a.txt", "b.txt");
        assertThat(extracted.rejected().toString()).contains("../evil: climbs out by ..", "/abs: has an absolute name");
        assertThat(directory.resolve("deep/er/evil")).doesNotExist();
    }

    @Test
    void filesInTheWay_areNeverOverwritten() throws Exception {
        Path archive = save("a.zip", zip("a.txt", "1", "b.txt", "2"));
        Archives.into(out()).extract(archive);
        Archives.into(out()).extract(archive); // the same content again is fine
        Files.writeString(out().resolve("b.txt"), "mine");
        Files.delete(out().resolve("a.txt"));
        assertThatThrownBy(() -> Archives.into(out()).extract(archive)).hasMessageContaining("other content");
        assertThat(found()).containsExactly("b.txt");
        assertThat(Files.readString(out().resolve("b.txt"))).isEqualTo("mine");
    }

    @Test
    void linkInTheTarget_isNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createDirectories(out());
        Files.createSymbolicLink(out().resolve("a"), elsewhere);
        Path archive = save("a.zip", zip("a/b.txt", "1"));
        assertThatThrownBy(() -> Archives.into(out()).extract(archive)).hasMessageContaining("is a link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    /** Three files; each takes a block of header and one of content, then the end mark fills up the last record. */
    private static byte[] threeFiles() throws IOException {
        return tar("a.txt", "1", "b.txt", "2", "c.txt", "3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1100, 2048, 2500, 2560, 3072})
    void D32_tarCutAtAHeader_isRefused(int length) throws Exception {
        byte[] cut = java.util.Arrays.copyOf(threeFiles(), length);
        refused("cut.tar", cut, length == 2560 ? "is broken: " : "without its end mark");
        refused("cut.tar.gz", packed("gz", cut), "Maybe download it again");
        refused("cut.tar.7z", sevenZip("inner.tar", cut), "Maybe download it again");
    }

    @Test
    void D32_tarCutAtAHeader_isExtractedOnDemand() throws Exception {
        byte[] cut = java.util.Arrays.copyOf(threeFiles(), 2048);
        var extracted = Archives.into(out()).skippingBad().extract(save("cut.tar", cut));
        assertThat(found()).containsExactly("a.txt", "b.txt");
        assertThat(extracted.rejected().toString()).contains("cut.tar: the tar ends without its end mark");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gz", "xz", "bzip2"})
    void D32_tarCutInAFile_givesTheWholeOnesOnDemand(String format) throws Exception {
        var random = new java.util.Random(3);
        String[] files = new String[40];
        java.util.Arrays.setAll(
                files,
                i -> i % 2 == 0
                        ? "d/" + (char) ('a' + i / 2)
                        : random.ints(20_000, ' ', '~')
                                .mapToObj(Character::toString)
                                .collect(java.util.stream.Collectors.joining()));
        byte[] whole = format.isEmpty() ? tar(files) : packed(format, tar(files));
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length * 7 / 10 + 700);
        refused("cut.bin", cut, "Maybe download it again");
        if (!format.equals("bzip2") && !format.equals("xz")) { // these are unpacked in large blocks
            var extracted = Archives.into(out()).skippingBad().extract(save("cut.bin", cut));
            assertThat(extracted.files()).isBetween(12, 15);
            assertThat(found()).hasSize(extracted.files());
            assertThat(out().resolve("d/a")).hasContent(files[1]);
            assertThat(extracted.rejected().toString()).containsPattern("cut.bin: the tar is cut off at d/[l-p] and");
        }
        byte[] start = java.util.Arrays.copyOf(whole, 9_000);
        Archives other = Archives.into(directory.resolve("other")).skippingBad();
        assertThatThrownBy(() -> other.extract(save("start.bin", start)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Maybe download it again");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void skippingBad_keepsTheFirstOfTwo() throws Exception {
        var extracted =
                Archives.into(out()).skippingBad().extract(save("a.tar", tar("a.txt", "first", "a.txt", "second")));
        assertThat(out().resolve("a.txt")).hasContent("first");
        assertThat(extracted.rejected().toString()).contains("is there twice");
    }

    private static byte[] tarOf(String encoding, int longNames, boolean pax, String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, encoding)) {
            tar.setLongFileMode(longNames);
            tar.setAddPaxHeadersForNonAsciiNames(pax);
            for (String name : names) {
                var entry = new TarArchiveEntry(name, true);
                entry.setSize(1);
                tar.putArchiveEntry(entry);
                tar.write('x');
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void D32_namesInOtherScripts_keepTheirLetters() throws Exception {
        String longOne = "d/" + "ö".repeat(110);
        byte[] latin = tarOf("ISO-8859-1", TarArchiveOutputStream.LONGFILE_GNU, false, "Bär", "Bör", "Bür", longOne);
        var guessed = Archives.into(out()).extract(save("latin.tar", latin));
        assertThat(found()).containsExactly("Bär", "Bör", "Bür", longOne);
        assertThat(guessed.warnings()).hasSize(1);
        assertThat(guessed.warnings().get(0))
                .contains("latin.tar")
                .contains("Windows-1252")
                .contains("such as Bär.");
        for (boolean pax : new boolean[] {false, true}) {
            int mode = pax ? TarArchiveOutputStream.LONGFILE_POSIX : TarArchiveOutputStream.LONGFILE_GNU;
            byte[] utf8 = tarOf("UTF-8", mode, pax, "Bär", "Ã¤", "日本", longOne);
            Path target = directory.resolve("utf8" + pax);
            assertThat(Archives.into(target).extract(save("utf8.tar", utf8)).warnings())
                    .isEmpty();
            for (String name : List.of("Bär", "Ã¤", "日本", longOne)) {
                assertThat(target.resolve(name)).hasContent("x");
            }
        }
    }

    @Test
    void D32_paxNamesThatAreNoUtf8_areReadFromTheHeader() throws Exception {
        byte[] archive = tarOf("ISO-8859-1", TarArchiveOutputStream.LONGFILE_POSIX, true, "Bär", "Bör");
        for (int i = 0; i < archive.length - 9; i++) { // as GNU tar in a Latin-1 locale: no UTF-8 in the record either
            String at = new String(archive, i, 10, StandardCharsets.ISO_8859_1);
            if (at.startsWith("13 path=BÃ") || at.startsWith("path=BÃ")) {
                int letter = archive[i + at.indexOf('Ã') + 1] == (byte) 0xA4 ? 0xE4 : 0xF6;
                archive[i + at.indexOf('Ã')] = (byte) letter;
                archive[i + at.indexOf('Ã') + 1] = (byte) letter;
            }
        }
        assertThat(Archives.into(out()).extract(save("pax.tar", archive)).warnings())
                .hasSize(1);
        assertThat(found()).containsExactly("Bär", "Bör");
    }

    @Test
    void D32_zipNamesWithoutTheFlag_areUtf8OrCodePage437() throws Exception {
        var extracted = Archives.into(out()).extract(save("old.zip", zipOf("IBM437", false, "zzä", "zzö", "zzü", "½")));
        assertThat(found()).containsExactlyInAnyOrder("zzä", "zzö", "zzü", "½");
        assertThat(extracted.warnings().toString()).contains("code page 437").contains("such as zzä.");
        assertThat(Archives.into(directory.resolve("b"))
                        .extract(save("utf8.zip", zipOf("UTF-8", false, "日本", "ä")))
                        .warnings())
                .isEmpty();
        assertThat(directory.resolve("b/日本")).exists();
        assertThat(Archives.into(directory.resolve("c"))
                        .extract(save("extra.zip", zipOf("IBM437", true, "zzä", "日本")))
                        .warnings())
                .isEmpty();
        assertThat(directory.resolve("c/日本")).exists();
        assertThat(directory.resolve("c/zzä")).exists();
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertThat(EntryNames.cp437(all)).isEqualTo(new String(all, "IBM437"));
    }

    private static byte[] zipOf(String encoding, boolean extra, String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            zip.setEncoding(encoding);
            zip.setUseLanguageEncodingFlag(false);
            zip.setCreateUnicodeExtraFields(
                    extra
                            ? ZipArchiveOutputStream.UnicodeExtraFieldPolicy.ALWAYS
                            : ZipArchiveOutputStream.UnicodeExtraFieldPolicy.NEVER);
            for (String name : names) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.write('x');
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void D32_halfAnEndMark_isWarnedOf_butNoneInTheMiddle() throws Exception {
        byte[] half = java.util.Arrays.copyOf(threeFiles(), 3 * 1024 + 512);
        var extracted = Archives.into(out()).extract(save("half.tar", half));
        assertThat(found()).containsExactly("a.txt", "b.txt", "c.txt");
        assertThat(extracted.warnings().toString()).contains("half an end mark");
        byte[] hole = threeFiles();
        java.util.Arrays.fill(hole, 1024, 1536, (byte) 0);
        Archives other = Archives.into(directory.resolve("other"));
        assertThatThrownBy(() -> other.extract(save("hole.tar", hole))).hasMessageContaining("block of zeros");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void refusals_leaveNoFolders_andSayWhatIsMissing() throws Exception {
        for (String format : List.of("gz", "xz", "bzip2")) {
            byte[] whole = packed(format, tar("a.txt", "x".repeat(5000)));
            Path archive = save("cut." + format, java.util.Arrays.copyOf(whole, whole.length / 2));
            assertThatThrownBy(() -> Archives.into(out()).extract(archive))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("is broken: ")
                    .hasMessageContaining("Maybe download it again.")
                    .hasMessageNotContaining("null")
                    .hasMessageNotContaining("..");
            assertThat(directory.resolve("deep")).doesNotExist();
        }
        assertThatThrownBy(() -> Archives.into(out()).extract(directory)).hasMessageContaining("is a folder");
    }

    @Test
    void unwritableTarget_isNamed() throws Exception {
        Path archive = save("a.zip", zip("a.txt", "1"));
        Path file = Files.writeString(directory.resolve("file"), "x");
        for (Path target : List.of(file, file.resolve("below"), Path.of("/proc/espalier"))) {
            assertThatThrownBy(() -> Archives.into(target).extract(archive))
                    .isInstanceOf(espalier.files.CannotWriteException.class)
                    .hasMessageContaining(target.toString())
                    .hasMessageContaining("Maybe ");
        }
    }

    @Test
    void interrupt_endsTheExtraction_andLeavesNothing() throws Exception {
        Path archive = save("a.zip", zip("a.txt", "1"));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Archives.into(out()).extract(archive))
                    .isInstanceOf(java.io.InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(directory.resolve("deep")).doesNotExist();
    }

    @Test
    void maxRatio_countsForSmallArchivesWhenGiven() throws Exception {
        byte[] small = zip("a.txt", "x".repeat(100_000));
        refused(Archives.into(out()).maxRatio(5), "small.zip", small, "more than 5 times as large");
        assertThat(Archives.into(out()).extract(save("small.zip", small)).files())
                .isEqualTo(1);
    }
}
