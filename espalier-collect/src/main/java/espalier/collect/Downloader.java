package espalier.collect;

import espalier.collect.fetch.FetchOptions;
import espalier.image.ImageReader;
import espalier.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Downloads many pictures into one folder: politely (few connections a host, pauses as servers ask),
 * within limits, and so that a killed run continues where it stopped. Files are named by the SHA-256 of
 * their content, so that the same picture from ten addresses is kept once; the type is read from the
 * bytes. Every address ends as a row of {@code download-report.csv}, every kept picture as a row of
 * {@code attribution.csv}, both in the folder; when it is deleted, its row goes to {@code attribution-deleted.csv} in the
 * next run.
 *
 * <pre>{@code
 * var report = Downloader.into(Path.of("data/bears")).minSize(200).run(hits);
 * }</pre>
 *
 * @param directory where the pictures go; made when missing
 * @param fetch limits and guards of one exchange
 * @param pace how hard the servers are asked
 * @param minSize the shortest side a picture may have in pixels, 1
 * @param maxPixels the most pixels a picture may have, 50 million
 * @param stop ends the run early when asked; its reports are written
 * @param progress hears of every finished address
 */
public record Downloader(
        Path directory,
        FetchOptions fetch,
        Pace pace,
        int minSize,
        long maxPixels,
        StopSignal stop,
        Progress progress) {

    /**
     * How hard servers are asked.
     *
     * @param connections the most connections at once, 16
     * @param perHost the most connections to one host, 4
     * @param retries how often a broken or 5xx answer is asked again, 2
     * @param backoff the first wait before asking again, doubled each time, 1 s
     * @param longestWait the longest pause that a server may ask for, 60 s; above it the address is left out
     */
    public record Pace(int connections, int perHost, int retries, Duration backoff, Duration longestWait) {
        /** Refuses numbers that make no sense. */
        public Pace {
            if (connections < 1 || perHost < 1 || retries < 0) {
                throw new IllegalArgumentException(
                        "Expected at least one connection and no negative retries, got connections "
                                + connections + ", per host " + perHost + ", retries " + retries
                                + ". Maybe two options are swapped.");
            }
        }

        /** The pace above. */
        public static Pace polite() {
            return new Pace(16, 4, 2, Duration.ofSeconds(1), Duration.ofSeconds(60));
        }
    }

    /** A downloader into {@code directory} with the limits above. */
    public static Downloader into(Path directory) {
        return new Downloader(
                directory,
                FetchOptions.standard(),
                Pace.polite(),
                1,
                ImageReader.usualMaxPixels(),
                new StopSignal(),
                Progress.NONE);
    }

    /** This downloader with other limits and guards of one exchange. */
    public Downloader fetch(FetchOptions options) {
        return new Downloader(directory, options, pace, minSize, maxPixels, stop, progress);
    }

    private Downloader pace(Pace pace) {
        return new Downloader(directory, fetch, pace, minSize, maxPixels, stop, progress);
    }

    /** This downloader with at most {@code all} connections, {@code each} of them to one host. */
    public Downloader connections(int all, int each) {
        return pace(new Pace(all, each, pace.retries, pace.backoff, pace.longestWait));
    }

    /** This downloader with another number of retries. */
    public Downloader retries(int times) {
        return pace(new Pace(pace.connections, pace.perHost, times, pace.backoff, pace.longestWait));
    }

    /** This downloader with another first wait, and another longest pause that a server may ask for. */
    public Downloader waits(Duration first, Duration longest) {
        return pace(new Pace(pace.connections, pace.perHost, pace.retries, first, longest));
    }

    /** This downloader without pictures whose shorter side has fewer than {@code pixels}. */
    public Downloader minSize(int pixels) {
        return new Downloader(directory, fetch, pace, pixels, maxPixels, stop, progress);
    }

    /** This downloader without pictures of more than {@code pixels}. */
    public Downloader maxPixels(long pixels) {
        return new Downloader(directory, fetch, pace, minSize, pixels, stop, progress);
    }

    /** This downloader, ending early when {@code signal} is given. */
    public Downloader stop(StopSignal signal) {
        return new Downloader(directory, fetch, pace, minSize, maxPixels, signal, progress);
    }

    /** This downloader, telling {@code listener} of every finished address. */
    public Downloader progress(Progress listener) {
        return new Downloader(directory, fetch, pace, minSize, maxPixels, stop, listener);
    }

    /**
     * Downloads {@code hits}. Addresses that an earlier run settled are not asked again; those that failed are,
     * and those of pictures that were too small for it and are not for this one.
     * A picture that was kept and that somebody threw out since stays out: its row says deleted. When it is stopped or the
     * thread is interrupted, the reports tell of what was done by then.
     *
     * @throws espalier.files.CannotWriteException when the folder cannot be written; what was kept before stays
     * @throws java.io.InterruptedIOException when the thread is interrupted
     * @throws espalier.report.DataException when another download into the same folder is running
     */
    public DownloadReport run(List<ImageHit> hits) throws IOException {
        try (var state = DownloadState.open(directory)) {
            return new DownloadJob(this, state, hits).run();
        }
    }

    /** Downloads pictures of which only the addresses are known. See {@link #run}. */
    public DownloadReport urls(List<String> urls) throws IOException {
        return run(urls.stream().map(ImageHit::of).toList());
    }
}
