package espalier.collect;

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
