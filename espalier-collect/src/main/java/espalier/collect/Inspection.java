package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.files.Sha256;
import espalier.image.Decoded;
import espalier.image.ImageReader;
import espalier.image.ImageType;
import espalier.image.JpegIntegrity;
import espalier.item.Item;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One look at one file: decoded in full once, a JPEG checked for damage in its coded data before.
 *
 * @param file relative to the data set
 * @param sha256 of its bytes; empty when they cannot be read, or when no other file has as many
 * @param format its format's name; empty when it cannot be decoded
 * @param fingerprint for finding copies; empty when it cannot be decoded
 * @param findings what is to be said of this file alone
 */
record Inspection(
        String file, String sha256, String format, Optional<Fingerprint> fingerprint, List<Finding> findings) {

    boolean isReadable() {
        return fingerprint.isPresent();
    }

    /** Inspects {@code files} in parallel; the results are in their order. */
    static List<Inspection> all(Verify rules, List<Path> files) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, rules.threads()), task -> {
            var thread = new Thread(task, "espalier-verify");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var done = new AtomicInteger();
            var futures = new ArrayList<Future<Inspection>>();
            Map<Long, Integer> sizes = new HashMap<>();
            for (Path file : files) {
                sizes.merge(size(file), 1, Integer::sum);
            }
            for (Path file : files) {
                boolean alone = sizes.getOrDefault(size(file), 0) < 2;
                futures.add(pool.submit(() -> {
                    Inspection inspection = of(rules, file, alone);
                    synchronized (rules.progress()) {
                        rules.progress().update(done.incrementAndGet(), files.size(), inspection.file());
                    }
                    return inspection;
                }));
            }
            var all = new ArrayList<Inspection>();
            for (Future<Inspection> future : futures) {
                all.add(future.get());
            }
            return all;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("the verification was interrupted");
        } catch (ExecutionException failure) {
            throw new IOException("the verification failed: " + failure.getCause(), failure);
        } finally {
            pool.shutdownNow();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return -1; // reading it will tell
        }
    }

    /** Inspects one file; {@code alone} when no other has its size, so that none can have its bytes. */
    private static Inspection of(Verify rules, Path file, boolean alone) {
        String id = Item.id(rules.directory(), file);
        try {
            ImageReader reader = ImageReader.of().maxPixels(rules.maxPixels());
            Optional<String> damage = rules.deep() ? damage(reader, file) : Optional.empty();
            if (damage.isPresent()) {
                return unreadable(id, "damaged JPEG: " + damage.get());
            }
            Decoded decoded = reader.decode(file);
            String sha256 = alone ? "" : Sha256.of(file);
            return readable(rules, id, sha256, decoded);
        } catch (DataException rejected) {
            return unreadable(id, rejected.reason());
        } catch (IOException failure) {
            return unreadable(id, "cannot be read: " + failure.getMessage());
        } catch (OutOfMemoryError large) {
            return unreadable(id, "needs more memory than there is");
        }
    }

    /** What decoders paper over. Looked for first, so that they print no complaints that name no file. */
    private static Optional<String> damage(ImageReader reader, Path file) throws IOException {
        boolean jpeg = reader.check(file).type() == ImageType.JPEG; // also that the file is no giant
        return jpeg ? JpegIntegrity.damage(Files.readAllBytes(file)) : Optional.empty();
    }

    private static Inspection unreadable(String id, String reason) {
        return new Inspection(id, "", "", Optional.empty(), List.of(Finding.of(Kind.BROKEN, id, reason)));
    }

    private static Inspection readable(Verify rules, String id, String sha256, Decoded decoded) {
        var findings = new ArrayList<Finding>();
        var image = decoded.image();
        for (String warning : decoded.warnings()) {
            boolean name = warning.contains("not by its name");
            findings.add(Finding.of(name ? Kind.WRONG_EXTENSION : Kind.REMARK, id, warning));
        }
        if (image.shortSide() < rules.minSize()) {
            findings.add(Finding.of(
                    Kind.TINY, id, image.width() + "x" + image.height() + " pixels, shorter than " + rules.minSize()));
        }
        if (decoded.header().orientation() != 1) {
            findings.add(Finding.of(
                    Kind.REMARK,
                    id,
                    "stored turned, EXIF orientation " + decoded.header().orientation()));
        }
        var fingerprint = Fingerprint.of(image);
        if (fingerprint.isBlank()) {
            findings.add(Finding.of(Kind.BLANK, id, "one colour all over"));
        }
        String format = decoded.header().type().label();
        return new Inspection(id, sha256, format, Optional.of(fingerprint), findings);
    }
}
