package espalier.collect;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Fetcher;
import espalier.collect.fetch.Request;
import espalier.collect.fetch.Response;
import espalier.files.AtomicFiles;
import espalier.files.CannotWriteException;
import espalier.files.MadeFolders;
import espalier.report.DataException;
import espalier.report.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Downloads one file of any size to one name. What arrived is kept when the connection breaks or the
 * program is killed, and the next try asks only for the rest ({@code Range} with {@code If-Range}, so
 * that a file which changed meanwhile starts anew). The final name appears when the file is whole and
 * its checksum is right.
 *
 * @param request what is asked for
 * @param target the file it becomes
 * @param checksum what the content must hash to; empty when unknown, a server's own MD5 is checked anyway
 * @param fetch limits and guards; unlike for pictures, a day and 1 TB by default
 * @param retries how often in a row a broken connection that brought nothing is tried again, 3
 * @param backoff the wait before another try, 2 s
 * @param remembering notes beside the file where it came from, and takes none from elsewhere for it
 * @param progress hears of the bytes that have arrived
 */
public record FileDownload(
        Request request,
        Path target,
        Optional<Checksum> checksum,
        FetchOptions fetch,
        int retries,
        Duration backoff,
        boolean remembering,
        Progress progress) {

    /** The least pace of a body, in bytes a second. */
    private static final long SLOWEST = 1024;

    /** Options for one file of any size: a day, 1 TB, 30 s without a byte. */
    public static FetchOptions large() {
        return FetchOptions.standard()
                .deadline(Duration.ofDays(1))
                .stallTimeout(Duration.ofSeconds(30))
                .maxBytes(1_000_000_000_000L);
    }

    /** The download of {@code request} to {@code target}. */
    public static FileDownload of(Request request, Path target) {
        return new FileDownload(
                request, target, Optional.empty(), large(), 3, Duration.ofSeconds(2), false, Progress.NONE);
    }

    /** This download, checked against {@code expected}. */
    public FileDownload checksum(Checksum expected) {
        return new FileDownload(request, target, Optional.of(expected), fetch, retries, backoff, remembering, progress);
    }

    /** This download with other limits and guards. */
    public FileDownload fetch(FetchOptions options) {
        return new FileDownload(request, target, checksum, options, retries, backoff, remembering, progress);
    }

    /** This download with another number of retries and another wait before each. */
    public FileDownload retries(int times, Duration wait) {
        return new FileDownload(request, target, checksum, fetch, times, wait, remembering, progress);
    }

    /** This download, noting its address in a hidden file, so that another address is not taken for it. */
    public FileDownload rememberingSource() {
        return new FileDownload(request, target, checksum, fetch, retries, backoff, true, progress);
    }

    /** This download, telling {@code listener} of the bytes that have arrived. */
    public FileDownload progress(Progress listener) {
        return new FileDownload(request, target, checksum, fetch, retries, backoff, remembering, listener);
    }

    /**
     * The file in {@code folder} for what is at {@code url}: named like the address, with a number when that name is
     * among {@code taken} or in use for something that does not come from there. It is added to {@code taken}.
     *
     * @throws FetchException when {@code url} is not a plain http(s) address
     */
    public static Path place(Path folder, String url, Set<String> taken) throws IOException {
        Request request = Request.of(url);
        String wanted = FileNames.fromUrl(url);
        var tried = new HashSet<>(taken);
        while (true) {
            String name = FileNames.distinct(wanted, tried);
            Path file = folder.resolve(name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || new SourceNote(file).isOf(request)) {
                taken.add(name.toLowerCase(Locale.ROOT));
                return file;
            }
        }
    }

    /**
     * Downloads, or finds the file there already. Two at once into the same file: one downloads, the
     * other waits and finds it.
     *
     * @return whether anything was downloaded
     * @throws FetchException when the server cannot be reached or refuses; what arrived stays for the next try
     * @throws DataException when the content is not what it should be; it is thrown away. Also when
     *     {@link #rememberingSource} and the file there comes from another address; it stays
     * @throws CannotWriteException when the file cannot be written
     */
    public boolean run() throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        var made = MadeFolders.make(java.util.Objects.requireNonNull(folder));
        try {
            return locked();
        } catch (FileSystemException disk) {
            throw CannotWriteException.of(target, disk);
        } finally {
            made.removeEmpty();
        }
    }

    private boolean locked() throws IOException {
        Path lockFile = beside(".lock");
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (Files.exists(target) && isRight()) {
                if (remembering) {
                    new SourceNote(target).check(request);
                }
                return false;
            }
            return lock.isValid() && download();
        } finally {
            Files.deleteIfExists(lockFile);
        }
    }

    private boolean download() throws IOException {
        var source = new SourceNote(target);
        if (remembering && !source.isOf(request)) { // half of another file is of no use
            Files.deleteIfExists(beside(".part"));
            Files.deleteIfExists(beside(".part.tag"));
            source.write(request);
        }
        try {
            finish(transfer());
            return true;
        } finally {
            if (remembering && !Files.exists(target) && partSize() == 0) {
                source.remove();
            }
        }
    }

    private boolean isRight() throws IOException {
        if (checksum.isEmpty() || checksum.get().matches(target)) {
            return true;
        }
        Files.delete(target); // a download of ours that rotted: fetched again
        return false;
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException ours) {
                // another thread of this process has it
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException("interrupted while another download of the file ran");
            }
        }
    }

    /** Fetches until the part is whole; gives the MD5 that the server stated. */
    private Optional<String> transfer() throws IOException {
        int failures = 0;
        while (true) {
            long before = partSize();
            try {
                return attempt(before);
            } catch (FetchException failure) {
                boolean server = failure.status() == 429 || failure.status() >= 500;
                if (!failure.isTransient() && !server) {
                    throw failure;
                }
                failures = partSize() > before ? 0 : failures + 1;
                if (failures > retries) {
                    throw failure;
                }
                pause();
            }
        }
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(backoff.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("the download was interrupted; run it again to continue");
        }
    }

    private Optional<String> attempt(long have) throws IOException {
        return attempt(request, have);
    }

    private Optional<String> attempt(Request from, long have) throws IOException {
        Path tag = beside(".part.tag");
        Request asked = from;
        if (have > 0 && Files.exists(tag)) {
            asked = from.header("Range", "bytes=" + have + "-").header("If-Range", Files.readString(tag));
        }
        try (Response response = Fetcher.of(fetch).get(asked)) {
            if (response.status() == 416) { // we have more than there is: start anew
                Files.deleteIfExists(beside(".part"));
                return attempt(from, 0);
            }
            response.successful();
            if (from.equals(request) && ConfirmationPage.is(from, response)) {
                return attempt(ConfirmationPage.next(response), have);
            }
            boolean resumed = response.status() == 206
                    && response.header("content-range").orElse("").startsWith("bytes " + have + "-");
            if (!resumed) {
                Files.deleteIfExists(beside(".part"));
                remember(response, tag);
            }
            long start = resumed ? have : 0;
            long total =
                    response.length().isPresent() ? start + response.length().getAsLong() : -1;
            receive(response.body(), start, total);
            return response.headers("x-goog-hash").stream()
                    .flatMap(header -> java.util.Arrays.stream(header.split(",")))
                    .map(String::strip)
                    .filter(part -> part.startsWith("md5="))
                    .map(part -> HexFormat.of().formatHex(Base64.getDecoder().decode(part.substring(4))))
                    .findFirst();
        }
    }

    /** Only a strong validator makes it safe to join two halves. */
    private static void remember(Response response, Path tag) throws IOException {
        Optional<String> validator = response.header("etag")
                .filter(text -> !text.startsWith("W/"))
                .or(() -> response.header("last-modified"));
        if (validator.isPresent()) {
            AtomicFiles.writeString(tag, validator.get());
        } else {
            Files.deleteIfExists(tag);
        }
    }

    private void receive(InputStream body, long start, long total) throws IOException {
        try (var out = FileChannel.open(
                beside(".part"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[1 << 16];
            long done = start;
            long since = System.nanoTime();
            long then = start;
            for (int count = body.read(buffer); count > 0; count = body.read(buffer)) {
                write(out, ByteBuffer.wrap(buffer, 0, count));
                done += count;
                if (System.nanoTime() - since > window().toNanos()) {
                    checkPace(done - then);
                    since = System.nanoTime();
                    then = done;
                }
                progress.update(done, total, String.valueOf(target.getFileName()));
            }
            out.force(true);
        }
    }

    /** The time over which the pace is looked at. */
    private Duration window() {
        return fetch.stallTimeout().multipliedBy(2);
    }

    /** A server that sends a byte now and then is never silent, and never done. */
    private void checkPace(long bytes) throws FetchException {
        if (bytes * 1000 < SLOWEST * window().toMillis()) {
            throw FetchException.tooSlow("only " + bytes + " bytes came in " + Math.max(1, window().toSeconds())
                    + " s. Maybe try again later: what arrived is kept");
        }
    }

    private void write(FileChannel out, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (ClosedChannelException interrupted) {
            throw interrupted;
        } catch (IOException full) {
            throw CannotWriteException.of(target, full);
        }
    }

    private void finish(Optional<String> serverMd5) throws IOException {
        Path part = beside(".part");
        var expected = checksum.or(() -> serverMd5.map(Checksum::md5));
        if (expected.isPresent() && !expected.get().matches(part)) {
            String got = expected.get().of(part);
            Files.delete(part);
            Files.deleteIfExists(beside(".part.tag"));
            throw new DataException(target.getFileName() + " arrived damaged: expected " + expected.get() + ", got "
                    + got + ". Maybe the source changed, or something on the way alters downloads; try again.");
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(beside(".part.tag"));
    }

    private long partSize() throws IOException {
        Path part = beside(".part");
        return Files.exists(part) ? Files.size(part) : 0;
    }

    private Path beside(String ending) {
        return target.resolveSibling("." + target.getFileName() + ending);
    }
}
