package espalier.collect.fetch;

import espalier.collect.fetch.FetchException.Kind;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer: of declared length, in chunks, or up to the end of the connection. Ends with
 * an exception rather than early when bytes are missing or too many.
 */
final class Body extends InputStream {
    private static final long UNTIL_CLOSE = -1;

    private final InputStream in;
    private final long maxBytes;
    private final boolean chunked;
    private long left;
    private long total;
    private boolean ended;

    private Body(InputStream in, long maxBytes, boolean chunked, long left) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.chunked = chunked;
        this.left = left;
    }

    /** The body that {@code head} announces on {@code in}. */
    static Body of(InputStream in, Head head, long maxBytes) throws FetchException {
        String coding = head.first("content-encoding", "identity");
        if (!coding.equalsIgnoreCase("identity") && !coding.isEmpty()) {
            throw new FetchException(
                    Kind.PROTOCOL, "the answer is packed (" + coding + ") although that was not asked");
        }
        if (head.status() == 204 || head.status() == 304) {
            return new Body(in, maxBytes, false, 0);
        }
        String transfer = head.first("transfer-encoding", "");
        if (!transfer.isEmpty()) {
            if (!transfer.equalsIgnoreCase("chunked")) {
                throw new FetchException(Kind.PROTOCOL, "the answer comes in an unknown transfer coding");
            }
            return new Body(in, maxBytes, true, 0);
        }
        var lengths = head.headers().get("content-length");
        if (lengths == null) {
            return new Body(in, maxBytes, false, UNTIL_CLOSE);
        }
        String length = lengths.get(0);
        if (!length.matches("[0-9]{1,18}") || lengths.stream().anyMatch(other -> !other.equals(length))) {
            throw new FetchException(Kind.PROTOCOL, "the answer's length makes no sense");
        }
        long bytes = Long.parseLong(length);
        if (bytes > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return new Body(in, maxBytes, false, bytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && !ended && left == 0) {
            nextChunk();
        }
        if (ended || left == 0) {
            return -1;
        }
        int most = left == UNTIL_CLOSE ? length : (int) Math.min(length, left);
        int count = in.read(buffer, offset, most);
        if (count < 0) {
            if (left == UNTIL_CLOSE) {
                ended = true;
                return -1;
            }
            throw new FetchException(
                    Kind.BROKEN,
                    chunked
                            ? "the connection ended inside a chunk, after " + total + " bytes"
                            : "the connection ended after " + total + " of " + (total + left) + " bytes");
        }
        total += count;
        left = left == UNTIL_CLOSE ? UNTIL_CLOSE : left - count;
        if (total > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (chunked && left == 0) {
            Head.line(in, new int[] {2});
        }
        return count;
    }

    private void nextChunk() throws IOException {
        var budget = new int[] {8192};
        String size = Head.line(in, budget).split(";", 2)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw new FetchException(Kind.PROTOCOL, "the answer has a broken chunk after " + total + " bytes");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            while (!Head.line(in, budget).isEmpty()) {
                // trailers tell nothing that is used here
            }
            ended = true;
        }
    }

    private static FetchException tooLarge(long maxBytes) {
        String limit = maxBytes >= 1_000_000 ? maxBytes / 1_000_000 + " MB" : maxBytes + " bytes";
        return new FetchException(Kind.TOO_LARGE, "larger than " + limit);
    }
}
