package espalier.collect;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Request;
import espalier.files.AtomicFiles;
import espalier.files.Sha256;
import espalier.report.DataException;
import espalier.report.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Well-known data sets by name: downloaded into the cache, checked, extracted. What the publisher states
 * (size and hash) must hold; what arrived then is written down as SHA-256 and must hold ever after.
 *
 * <pre>{@code
 * Path pictures = Samples.cached().fetch("imagenette-160");
 * }</pre>
 *
 * @param cache the folder that holds everything
 * @param mirror an address to ask first; a file's name is put after it
 * @param offline whether only what is in the cache may be used
 * @param fetch limits and guards
 * @param retries how often in a row a broken connection is tried again, 3
 * @param progress hears of bytes downloaded and extracted
 */
public record Samples(
        Path cache, Optional<String> mirror, boolean offline, FetchOptions fetch, int retries, Progress progress) {
    private static final int MEGABYTE = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Data sets in {@code ESPALIER_HOME} (else {@code ~/.cache/espalier}); {@code ESPALIER_OFFLINE=1} asks nobody. */
    public static Samples cached() {
        boolean offline = "1".equals(System.getenv("ESPALIER_OFFLINE"));
        return new Samples(CacheFolder.of("data"), Optional.empty(), offline, FileDownload.large(), 3, Progress.NONE);
    }

    /** These in another folder. */
    public Samples in(Path folder) {
        return new Samples(folder, mirror, offline, fetch, retries, progress);
    }

    /** These, asking at {@code address} first. */
    public Samples mirror(String address) {
        return new Samples(cache, Optional.of(address.replaceFirst("/*$", "/")), offline, fetch, retries, progress);
    }

    /** These, asking nobody. */
    public Samples asOffline() {
        return new Samples(cache, mirror, true, fetch, retries, progress);
    }

    /** These with other limits and guards. */
    public Samples fetch(FetchOptions options) {
        return new Samples(cache, mirror, offline, options, retries, progress);
    }

    /** These with another number of retries. */
    public Samples retries(int times) {
        return new Samples(cache, mirror, offline, fetch, times, progress);
    }

    /** These, telling {@code listener} of bytes downloaded and extracted. */
    public Samples progress(Progress listener) {
        return new Samples(cache, mirror, offline, fetch, retries, listener);
    }

    /** Every data set, by name. */
    public static List<Sample> all() {
        try (InputStream in = Samples.class.getResourceAsStream("samples.json")) {
            if (in == null) {
                throw new IllegalStateException("samples.json is missing from the jar");
            }
            return List.of(JSON.readValue(in, Sample[].class));
        } catch (IOException impossible) {
            throw new IllegalStateException("samples.json cannot be read", impossible);
        }
    }

    /**
     * The data set called {@code name}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Sample named(String name) {
        return all().stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no data set " + name + ". Maybe one of "
                        + String.join(", ", all().stream().map(Sample::name).toList()) + "."));
    }

    /** Fetches the data set called {@code name}; gives the folder that holds it. See {@link #fetch(Sample)}. */
    public Path fetch(String name) throws IOException {
        return fetch(named(name));
    }

    /**
     * Fetches a data set, or finds it in the cache; gives the folder that holds it, extracted.
     *
     * @throws DataException when the content is not what it should be, or offline and not in the cache
     * @throws FetchException when no source answers
     */
    public Path fetch(Sample sample) throws IOException {
        Path folder = cache.resolve(FileNames.safe(sample.name()));
        Path mark = folder.resolve(".complete");
        var archives = new ArrayList<Path>();
        for (Sample.Part part : sample.files()) {
            archives.add(download(part));
        }
        if (!Files.exists(mark)) {
            for (Path archive : archives) {
                Archives.into(folder).maxEntries(2_000_000).progress(progress).extract(archive);
            }
            AtomicFiles.writeString(mark, sample.name() + ", " + sample.licence() + ", " + sample.home() + "\n");
        }
        return folder;
    }

    private Path download(Sample.Part part) throws IOException {
        Path target = cache.resolve("archives").resolve(part.name());
        Path mark = target.resolveSibling(part.name() + ".sha256");
        var known = Files.exists(mark)
                ? Optional.of(Checksum.sha256(Files.readString(mark).strip()))
                : part.md5().map(Checksum::md5);
        if (offline) {
            if (!Files.exists(target) || (known.isPresent() && !known.get().matches(target))) {
                throw new DataException(part.name() + " is not in the cache " + cache
                        + ", and ESPALIER_OFFLINE is set. Maybe fetch it once with a connection.");
            }
            return target;
        }
        transfer(part, target, known, !Files.exists(mark));
        if (!Files.exists(mark)) {
            AtomicFiles.writeString(mark, Sha256.of(target) + "\n");
        }
        return target;
    }

    /** Asks one source after the other until one has what the publisher states; when none has, tells of each. */
    private void transfer(Sample.Part part, Path target, Optional<Checksum> known, boolean fresh) throws IOException {
        var sources = new ArrayList<String>();
        mirror.ifPresent(address -> sources.add(address + part.name()));
        sources.addAll(part.urls());
        var failures = new ArrayList<String>();
        for (int i = 0; i < sources.size(); i++) {
            try {
                download(sources.get(i), target, known);
                if (fresh) {
                    check(part, target);
                }
                return;
            } catch (FetchException failure) {
                failures.add(sources.get(i) + ": " + reason(failure));
                if (i == sources.size() - 1) {
                    throw i == 0 ? advice(part).on(failure) : failure.saying(allOf(part, failures));
                }
            } catch (DataException failure) {
                failures.add(sources.get(i) + ": " + reason(failure));
                if (i == sources.size() - 1) {
                    throw i == 0 ? failure : new DataException(allOf(part, failures), failure);
                }
            }
        }
        throw new IOException("no source for " + part.name());
    }

    private void download(String source, Path target, Optional<Checksum> known) throws IOException {
        var download = FileDownload.of(Request.of(source), target)
                .fetch(fetch)
                .retries(retries, Duration.ofSeconds(retries == 0 ? 0 : 2))
                .progress(progress);
        (known.isPresent() ? download.checksum(known.get()) : download).run();
    }

    private static String reason(Exception failure) {
        return String.valueOf(failure.getMessage()).replaceFirst("(?s)\\. Maybe .*", "");
    }

    private static String allOf(Sample.Part part, List<String> failures) {
        return "no source gives " + part.name() + ": " + String.join("; ", failures)
                + ". Maybe try again later, or name another mirror by --endpoint.";
    }

    private static Advice advice(Sample.Part part) {
        return new Advice("the source of " + part.name(), "", "", "name a mirror by --endpoint");
    }

    private static void check(Sample.Part part, Path file) throws IOException {
        long size = Files.size(file);
        boolean right = part.bytes().isEmpty() || part.bytes().get() == size;
        if (part.md5OfFirstMegabyte().isPresent()) {
            right &= part.md5OfFirstMegabyte().get().equals(firstMegabyte(file));
        }
        if (!right) {
            Files.delete(file);
            throw new DataException(part.name() + " is not what its publisher states: expected "
                    + part.bytes().map(bytes -> bytes + " bytes").orElse("another hash") + ", got " + size
                    + ". Maybe the source answered with an error page; try again.");
        }
    }

    private static String firstMegabyte(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(in.readNBytes(MEGABYTE)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has MD5", impossible);
        }
    }
}
