package espalier.weights;

import espalier.report.PlainText;
import espalier.report.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The download of one file: into {@code FILE.part}, going on where an earlier attempt ended, then checked against
 * the SHA-256 and renamed. A lock lets one of several processes do it while the others wait for its result.
 *
 * <p>Where no SHA-256 is known before, the Hugging Face Hub's answer says it, and it is kept in {@code FILE.sha256}, so that
 * later uses are checked against it. A server that says none is refused.
 */
record WeightDownload(URI url, Path target, String sha256, Progress progress, Duration stall, ProxySelector proxies) {
    private static final int ATTEMPTS = 4;
    private static final long MAX_BYTES = 4L << 30;
    /** File locks exclude other processes; these exclude the other threads of this one. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    /** A download that will give up when nothing arrives for 30 s, through the proxies of the environment. */
    static WeightDownload of(URI url, Path target, String sha256) {
        return new WeightDownload(
                url, target, sha256, Progress.NONE, Duration.ofSeconds(30), EnvironmentProxies.of(System.getenv()));
    }

    WeightDownload progress(Progress progress) {
        return new WeightDownload(url, target, sha256, progress, stall, proxies);
    }

    WeightDownload stall(Duration stall) {
        return new WeightDownload(url, target, sha256, progress, stall, proxies);
    }

    WeightDownload proxies(ProxySelector proxies) {
        return new WeightDownload(url, target, sha256, progress, stall, proxies);
    }

    /** Gives the target once it is there and right. */
    Path run() throws IOException, InterruptedException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        ReentrantLock lock = LOCKS.computeIfAbsent(target.toAbsolutePath(), path -> new ReentrantLock());
        lock.lockInterruptibly();
        try (var channel = FileChannel.open(
                        target.resolveSibling(target.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var fileLock = channel.lock()) {
            // Another process may have finished while this one waited.
            if (!isThere()) {
                attempt();
            }
            return target;
        } finally {
            lock.unlock();
        }
    }

    private boolean isThere() throws IOException {
        String expected = sha256.isEmpty() ? recorded(target).orElse("none") : sha256;
        return Files.exists(target) && WeightCache.sha256(target).startsWith(expected);
    }

    /** The SHA-256 that was written down beside a file when it was downloaded. */
    static Optional<String> recorded(Path file) throws IOException {
        Path record = record(file);
        return Files.isRegularFile(record)
                ? Optional.of(Files.readString(record).split(" ", 2)[0].strip())
                : Optional.empty();
    }

    private static Path record(Path file) {
        return file.resolveSibling(file.getFileName() + ".sha256");
    }

    private void attempt() throws IOException, InterruptedException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        String expected;
        for (int attempt = 1; ; attempt++) {
            try {
                expected = fetch(part);
                break;
            } catch (RefusedException refused) {
                throw refused;
            } catch (IOException failure) {
                if (attempt == ATTEMPTS) {
                    throw failure;
                }
                Thread.sleep(200L * attempt * attempt);
            }
        }
        String actual = WeightCache.sha256(part);
        if (!actual.startsWith(expected)) {
            Files.delete(part);
            throw new IOException("what %s gave has a SHA-256 that starts with %s, but should with %s"
                    .formatted(url, actual.substring(0, expected.length()), expected));
        }
        if (sha256.isEmpty()) {
            // As sha256sum writes it, and before the file is there, so that it is never there without.
            Files.writeString(record(target), expected + "  " + target.getFileName() + "\n");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives the SHA-256, or its first digits, that the part should have. */
    private String fetch(Path part) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(stall)
                .proxy(proxies)
                .build();
        long have = Files.exists(part) ? Files.size(part) : 0;
        var request = HttpRequest.newBuilder(url).timeout(stall).header("User-Agent", "Espalier");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            boolean resumed = response.statusCode() == 206
                    && response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + have + "-");
            if (response.statusCode() == 416 || (response.statusCode() == 206 && !resumed)) {
                Files.deleteIfExists(part); // the part is not the beginning of this file
                throw new IOException(url + " cannot go on at byte " + have);
            }
            if (response.statusCode() / 100 == 4) {
                throw new RefusedException(url + " answered " + response.statusCode() + reason(response));
            }
            if (response.statusCode() != 200 && !resumed) {
                throw new IOException(url + " answered " + response.statusCode());
            }
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            String expected = sha256.isEmpty() ? announced(response) : sha256; // before the body is read
            save(body, part, resumed ? have : 0, length);
            return expected;
        }
    }

    /** Why the Hub refuses, as it says in words. */
    private static String reason(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Error-Message")
                .map(text -> " (" + PlainText.line(text) + ")")
                .orElse("");
    }

    /** What the answers that led here say of the file: the Hub's own, the first, rather than that of its store. */
    private String announced(HttpResponse<?> response) throws RefusedException {
        String said = "";
        Optional<? extends HttpResponse<?>> at = Optional.of(response);
        while (at.isPresent()) {
            said = at.get()
                    .headers()
                    .firstValue("X-Linked-ETag")
                    .map(text -> text.replace("\"", ""))
                    .filter(text -> text.matches("[0-9a-f]{64}"))
                    .orElse(said);
            at = at.get().previousResponse();
        }
        if (said.isEmpty()) {
            throw new RefusedException(
                    url + " does not say which SHA-256 the file has (X-Linked-ETag), and none is known here");
        }
        return said;
    }

    private void save(InputStream body, Path part, long begin, long length) throws IOException {
        long total = length < 0 ? -1 : begin + length;
        if (total > MAX_BYTES) {
            throw new RefusedException(url + " is larger than weights are: " + total + " bytes");
        }
        var last = new AtomicLong(System.nanoTime());
        ScheduledExecutorService watch = watch(body, last);
        try (var out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(begin);
            out.position(begin);
            byte[] chunk = new byte[1 << 16];
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                last.set(System.nanoTime());
                ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                if (out.position() > MAX_BYTES) {
                    throw new RefusedException(url + " does not end");
                }
                progress.update(out.position(), total, part.getFileName().toString());
            }
            out.force(true);
            if (total >= 0 && out.position() != total) {
                throw new IOException("%s ended after %d of %d bytes".formatted(url, out.position(), total));
            }
        } finally {
            watch.shutdownNow();
        }
    }

    /** Ends a body that has stopped coming: the client itself waits for ever. */
    private ScheduledExecutorService watch(InputStream body, AtomicLong last) {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "espalier-download-watch");
            thread.setDaemon(true);
            return thread;
        });
        long period = Math.max(stall.toMillis() / 4, 1);
        var unused = watch.scheduleAtFixedRate(
                () -> {
                    if (System.nanoTime() - last.get() > stall.toNanos()) {
                        try {
                            body.close();
                        } catch (IOException alreadyClosed) {
                            // the reader notices
                        }
                    }
                },
                period,
                period,
                TimeUnit.MILLISECONDS);
        return watch;
    }

    /** An answer that trying again will not change. */
    private static final class RefusedException extends IOException {
        RefusedException(String message) {
            super(message);
        }
    }
}
