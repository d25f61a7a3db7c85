package espalier.collect;

import espalier.collect.DownloadRow.Status;
import espalier.collect.HostQueue.Task;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchException.Kind;
import espalier.collect.fetch.Fetcher;
import espalier.collect.fetch.Request;
import espalier.collect.fetch.Response;
import espalier.collect.fetch.RetryAfter;
import espalier.files.Sha256;
import espalier.image.ImageHeader;
import espalier.image.ImageReader;
import espalier.report.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One attempt at one address: fetch, look at the bytes, keep or say why not. */
final class PictureDownload {
    /** What an attempt came to. */
    record Outcome(DownloadRow row, boolean answered, Optional<Duration> retry, Optional<Duration> hostPause) {
        static Outcome of(DownloadRow row, boolean answered) {
            return new Outcome(row, answered, Optional.empty(), Optional.empty());
        }
    }

    /** All of a picture is read, and its pixels are only made as many as it takes. */
    private static final int DECODED_SIDE = 32;

    private static final int TRIES_WHEN_BUSY = 4;

    private final Downloader settings;
    private final DownloadState state;
    private final Fetcher fetcher;

    PictureDownload(Downloader settings, DownloadState state) {
        this.settings = settings;
        this.state = state;
        this.fetcher = Fetcher.of(settings.fetch());
    }

    /** Tries once; throws only when the disk fails. */
    Outcome fetch(Task task, ImageHit hit) throws IOException {
        try (Response response =
                fetcher.get(Request.of(task.url()).header("Accept", "image/jpeg,image/png,image/webp,image/*;q=0.8"))) {
            int status = response.status();
            if (status == 200) {
                return receive(task, hit, response);
            } else if (status == 429 || status == 503) {
                return busy(task, response);
            } else if (status >= 500 || status == 408) {
                return broken(task, "HTTP " + status, true, true);
            }
            return Outcome.of(DownloadRow.rejected(task.url(), 0, "HTTP " + status), true);
        } catch (FetchException failure) {
            return failed(task, failure);
        }
    }

    private Outcome failed(Task task, FetchException failure) {
        String reason = failure.getMessage();
        if (!failure.isTransient()) {
            return Outcome.of(DownloadRow.rejected(task.url(), 0, reason), true);
        }
        // A time-out has cost its whole limit already: it is left to the next run.
        boolean again = failure.kind() == Kind.BROKEN || failure.kind() == Kind.CONNECT;
        return broken(task, reason, again, false);
    }

    private Outcome broken(Task task, String reason, boolean again, boolean answered) {
        if (again && task.attempt() < settings.pace().retries()) {
            return new Outcome(
                    DownloadRow.failed(task.url(), reason), answered, Optional.of(backoff(task)), Optional.empty());
        }
        int tries = task.attempt() + 1;
        String note = tries == 1 ? reason : reason + " after " + tries + " tries";
        return Outcome.of(DownloadRow.failed(task.url(), note), answered);
    }

    private Outcome busy(Task task, Response response) {
        String reason = "HTTP " + response.status();
        Optional<Duration> asked =
                response.header("retry-after").flatMap(text -> RetryAfter.parse(text, Instant.now()));
        if (asked.isPresent() && asked.get().compareTo(settings.pace().longestWait()) > 0) {
            String wait = reason + ", asks to wait " + asked.get().toSeconds() + " s";
            return Outcome.of(DownloadRow.failed(task.url(), wait), true);
        }
        if (task.attempt() + 1 >= TRIES_WHEN_BUSY) {
            return Outcome.of(DownloadRow.failed(task.url(), reason + " after " + TRIES_WHEN_BUSY + " tries"), true);
        }
        Duration wait = asked.orElse(Duration.ZERO).plus(backoff(task));
        return new Outcome(DownloadRow.failed(task.url(), reason), true, Optional.of(wait), asked);
    }

    /** Doubles with each attempt; up to half more, told from the address, so that not all return at once. */
    private Duration backoff(Task task) {
        Duration wait = settings.pace().backoff().multipliedBy(1L << Math.min(task.attempt(), 10));
        return wait.plus(
                wait.multipliedBy(Math.floorMod(task.url().hashCode(), 100)).dividedBy(200));
    }

    private Outcome receive(Task task, ImageHit hit, Response response) throws IOException {
        InputStream body = response.body();
        byte[] head = body.readNBytes(FileType.HEAD);
        FileType type = FileType.of(head);
        if (!type.isPicture()) {
            return Outcome.of(DownloadRow.rejected(task.url(), head.length, notAPicture(type, head.length)), true);
        }
        Path part = state.part();
        try {
            var digest = new Sha256();
            long bytes = store(part, head, body, digest);
            String sha256 = digest.hex();
            var objection = objection(part);
            if (objection.isPresent()) {
                return Outcome.of(DownloadRow.rejected(task.url(), bytes, objection.get()), true);
            }
            String file = sha256.substring(0, 32) + "." + type.extension();
            String remark = remark(response, type);
            var row = new DownloadRow(task.url(), Status.KEPT, bytes, sha256, file, remark);
            return Outcome.of(state.keep(part, row, hit), true);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String notAPicture(FileType type, int length) {
        if (length == 0) {
            return "empty answer";
        }
        boolean picture = type.mime().startsWith("image/");
        return picture ? "unsupported format " + type.mime() : "not an image: " + type.mime();
    }

    private static String remark(Response response, FileType type) {
        String said = response.header("content-type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        return said.isEmpty() || said.equals(type.mime()) || said.equals("image/jpg")
                ? ""
                : "the server said " + said + ", the bytes say " + type.mime();
    }

    /** Why the picture is not kept: a server that states a shorter length than its file has sends half a picture in good order. */
    private Optional<String> objection(Path part) {
        try {
            ImageReader reader = ImageReader.of().maxPixels(settings.maxPixels());
            ImageHeader header = reader.check(part);
            reader.shortSide(DECODED_SIDE).decode(part);
            return Math.min(header.width(), header.height()) < settings.minSize()
                    ? Optional.of(
                            header.width() + "x" + header.height() + " pixels, smaller than " + settings.minSize())
                    : Optional.empty();
        } catch (DataException never) {
            return Optional.of(never.reason());
        }
    }

    private static long store(Path part, byte[] head, InputStream body, Sha256 digest) throws IOException {
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            var buffer = new byte[16_384];
            long total = 0;
            byte[] piece = head;
            for (int count = head.length; count > 0; count = Math.max(0, body.read(buffer))) {
                digest.add(piece, count);
                var bytes = ByteBuffer.wrap(Arrays.copyOf(piece, count));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                total += count;
                piece = buffer;
            }
            channel.force(true);
            return total;
        }
    }
}
