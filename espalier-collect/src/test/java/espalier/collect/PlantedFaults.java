package espalier.collect;

import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forty-one faults for a data set with splits and labels; each with the kind and words it must be reported with. */
final class PlantedFaults {
    /** What a report must say of a planted file: a kind and a part of the reason. */
    record Expected(Finding.Kind kind, String reason) {}

    private final Path root;
    private final List<Path> good;
    private final Map<String, Expected> expected = new LinkedHashMap<>();
    private int next;

    private PlantedFaults(Path root, List<Path> good) {
        this.root = root;
        this.good = good;
    }

    /**
     * Plants into {@code folder} (a label in train) and {@code other} (another label in valid); originals
     * are taken from {@code good}, JPEGs of that label, in order.
     */
    static Map<String, Expected> plant(Path root, String folder, String other, List<Path> good) throws Exception {
        var faults = new PlantedFaults(root, good);
        faults.broken(folder);
        faults.hostile(folder);
        faults.odd(folder);
        faults.copies(folder, other);
        return faults.expected;
    }

    private byte[] original() throws IOException {
        return Files.readAllBytes(good.get(next++));
    }

    private Image image() throws IOException {
        return ImageReader.of().read(original());
    }

    private void put(String file, byte[] bytes, Finding.Kind kind, String reason) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
        expected.put(file, new Expected(kind, reason));
    }

    private void broken(String folder, byte[] bytes, String name, String reason) throws IOException {
        put(folder + "/fault-" + name, bytes, Finding.Kind.BROKEN, reason);
    }

    private void broken(String folder) throws IOException {
        for (int percent : new int[] {10, 30, 50, 70, 90, 99}) {
            byte[] whole = original();
            broken(folder, Arrays.copyOf(whole, whole.length * percent / 100), "cut" + percent + ".jpg", "truncated");
        }
        byte[] png = ImageWriter.png(image());
        broken(folder, Arrays.copyOf(png, png.length / 2), "cut.png", "truncated");
        broken(folder, new byte[0], "empty.jpg", "empty file");
        broken(folder, new byte[0], "empty.png", "empty file");
        broken(folder, text("<!doctype html><p>Not found"), "page.jpg", "not an image");
        broken(folder, text("{\"error\":\"no\"}"), "error.png", "");
        broken(folder, text("hello"), "text.jpeg", "");
        broken(folder, new byte[3000], "zeros.jpg", "");
        broken(folder, text("GIF89a"), "short.gif", "");
        broken(folder, text("RIFF\0\0\0\0WEBPVP8 "), "short.webp", "");
        byte[] scrambled = original();
        Arrays.fill(scrambled, 300, scrambled.length, (byte) 0x42);
        broken(folder, scrambled, "scrambled.jpg", "");
    }

    private void hostile(String folder) throws Exception {
        byte[] huge = ImageWriter.png(Image.from(Pictures.draw(1, 64, 64)));
        ByteBuffer.wrap(huge).putInt(16, 100_000).putInt(20, 100_000);
        var crc = new java.util.zip.CRC32();
        crc.update(huge, 12, 17);
        ByteBuffer.wrap(huge).putInt(29, (int) crc.getValue());
        broken(folder, huge, "bomb.png", "gigapixels");
        broken(folder, text("<svg xmlns='http://www.w3.org/2000/svg'/>"), "vector.svg", "unsupported format");
        broken(folder, text("II*\0aaaaaaaaaaaaaaaa"), "scan.tiff", "truncated TIFF");
        broken(folder, text("\0\0\0\u001cftypavif\0\0\0\0"), "new.avif", "unsupported format");
        broken(folder, text("\0\0\0\u001cftypheic\0\0\0\0"), "phone.heic", "unsupported format");
        broken(folder, text("%PDF-1.7 aaaaaaaaaaaaaaaa"), "paper.jpg", "");
        Path loop = root.resolve(folder).resolve("fault-loop");
        Files.createSymbolicLink(loop, root);
        expected.put(folder + "/fault-loop", new Expected(Finding.Kind.BROKEN, "a link to a folder above it"));
        Files.createSymbolicLink(root.resolve(folder + "/fault-link.jpg"), good.get(0));
        expected.put(folder + "/fault-link.jpg", new Expected(Finding.Kind.DUPLICATE, "the same bytes"));
        Files.createSymbolicLink(root.resolve(folder + "/fault-gone.jpg"), Path.of("nowhere.jpg"));
        expected.put(folder + "/fault-gone.jpg", new Expected(Finding.Kind.BROKEN, "a link to nothing"));
        Path pipe = root.resolve(folder + "/fault-pipe.jpg");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        expected.put(folder + "/fault-pipe.jpg", new Expected(Finding.Kind.BROKEN, "not a regular file"));
    }

    private void odd(String folder) throws IOException {
        put(
                folder + "/fault-png.jpg",
                ImageWriter.png(Image.from(Pictures.draw(77, 120, 90))),
                Finding.Kind.WRONG_EXTENSION,
                "PNG");
        put(
                folder + "/fault-jpeg.png",
                ImageWriter.jpeg(Image.from(Pictures.draw(78, 120, 90)), 90),
                Finding.Kind.WRONG_EXTENSION,
                "JPEG");
        put(folder + "/fault-tiny.png", Pictures.encode(Pictures.draw(79, 8, 8), "png"), Finding.Kind.TINY, "8x8");
        put(folder + "/fault-dot.png", Pictures.encode(Pictures.draw(80, 1, 1), "png"), Finding.Kind.TINY, "1x1");
        put(folder + "/fault-line.png", Pictures.encode(Pictures.draw(81, 500, 4), "png"), Finding.Kind.TINY, "500x4");
        var black = new java.awt.image.BufferedImage(90, 90, java.awt.image.BufferedImage.TYPE_INT_RGB);
        put(folder + "/fault-black.png", Pictures.encode(black, "png"), Finding.Kind.BLANK, "one colour");
        put(folder + "/fault-black.jpg", Pictures.encode(black, "jpg"), Finding.Kind.BLANK, "one colour");
    }

    private void copies(String folder, String other) throws IOException {
        put(folder + "/fault-same.jpg", original(), Finding.Kind.DUPLICATE, "the same bytes");
        put(folder + "/fault-same2.jpg", original(), Finding.Kind.DUPLICATE, "the same bytes");
        put(other + "/fault-leak.jpg", original(), Finding.Kind.LEAK, "in train and valid");
        put(other + "/fault-leak2.jpg", ImageWriter.jpeg(image().flip(), 60), Finding.Kind.LEAK, "in train and valid");
        String wrong = folder.replaceFirst("/.*", "/fault-label");
        put(wrong + "/fault-conflict.jpg", original(), Finding.Kind.CONFLICT, "labelled");
        put(wrong + "/fault-conflict2.jpg", ImageWriter.jpeg(image(), 40), Finding.Kind.CONFLICT, "labelled");
        put(
                folder + "/fault-turned.jpg",
                ImageWriter.jpeg(DuplicatesTest.altered(image(), 0), 90),
                Finding.Kind.NEAR_DUPLICATE,
                "");
        put(
                folder + "/fault-half.jpg",
                ImageWriter.jpeg(DuplicatesTest.altered(image(), 1), 90),
                Finding.Kind.NEAR_DUPLICATE,
                "");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
