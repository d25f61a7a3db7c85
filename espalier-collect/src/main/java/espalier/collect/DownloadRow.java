package espalier.collect;

import java.util.regex.Pattern;

/**
 * What became of one address: a row of {@code download-report.csv}.
 *
 * @param url the address as it was asked for
 * @param status what became of it
 * @param bytes the size of the answer, 0 when there was none
 * @param sha256 the content's hash in hexadecimal; empty when nothing was kept
 * @param file the file that holds the content, relative to the target directory; empty when none does
 * @param reason why nothing was kept; for kept ones, what was remarkable
 */
public record DownloadRow(String url, Status status, long bytes, String sha256, String file, String reason) {
    private static final Pattern SMALL = Pattern.compile("([0-9]{1,9})x([0-9]{1,9}) pixels, smaller than [0-9]+");

    /** What became of an address. */
    public enum Status {
        /** Its content is in {@code file}. */
        KEPT,
        /** Its content is that of an earlier address. */
        DUPLICATE,
        /** Its content was kept by an earlier run, and somebody threw it out since. */
        DELETED,
        /** Answered, but with nothing that can be kept; asking again would not help. */
        REJECTED,
        /** Not answered in time or in order; the next run asks again. */
        FAILED;

        /** The word in the report. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The row of a picture that is smaller than wanted. */
    static DownloadRow small(String url, long bytes, int width, int height, int wanted) {
        return rejected(url, bytes, width + "x" + height + " pixels, smaller than " + wanted);
    }

    /** Whether this is the row of a picture that was too small, and would not be with a limit of {@code wanted}. */
    boolean suffices(int wanted) {
        var size = SMALL.matcher(reason);
        return status == Status.REJECTED
                && size.matches()
                && Math.min(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))) >= wanted;
    }

    static DownloadRow rejected(String url, long bytes, String reason) {
        return new DownloadRow(url, Status.REJECTED, bytes, "", "", reason);
    }

    static DownloadRow failed(String url, String reason) {
        return new DownloadRow(url, Status.FAILED, 0, "", "", reason);
    }

    DownloadRow as(Status other) {
        return new DownloadRow(url, other, bytes, sha256, file, reason);
    }
}
