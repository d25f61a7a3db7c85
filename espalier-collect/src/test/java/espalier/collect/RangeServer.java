package espalier.collect;

import espalier.testing.plain.LoopbackServer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/** Storage as it should be: ranges, validators, an MD5 header; can break off after some bytes. */
final class RangeServer {
    private RangeServer() {}

    /** Serves {@code content}; after {@code breakAfter} bytes the connection is reset, if that is 0 or more. */
    static void serve(LoopbackServer.Exchange x, byte[] content, int breakAfter) throws Exception {
        byte[] md5 = MessageDigest.getInstance("MD5").digest(content);
        String etag = "\"" + Base64.getEncoder().encodeToString(md5) + "\"";
        String range = x.headers().getOrDefault("range", "");
        boolean same = x.headers().getOrDefault("if-range", etag).equals(etag);
        int start = 0;
        String status = "200 OK";
        String more = "";
        if (range.startsWith("bytes=") && same) {
            start = Integer.parseInt(range.substring(6, range.indexOf('-')));
            if (start >= content.length) {
                x.answer(416, "");
                return;
            }
            status = "206 Partial Content";
            more = "Content-Range: bytes " + start + "-" + (content.length - 1) + "/" + content.length + "\r\n";
        }
        byte[] body = Arrays.copyOfRange(content, start, content.length);
        x.raw("HTTP/1.1 " + status + "\r\nAccept-Ranges: bytes\r\nETag: " + etag + "\r\nX-Goog-Hash: crc32c=AAAAAA=="
                + "\r\nX-Goog-Hash: md5=" + etag.replace("\"", "") + "\r\n" + more
                + "Content-Length: " + body.length + "\r\n\r\n");
        if (breakAfter >= 0 && breakAfter < body.length) {
            x.out().write(body, 0, breakAfter);
            x.out().flush();
            Thread.sleep(100); // so that the bytes arrive before the reset does
            x.reset();
        } else {
            x.out().write(body);
        }
    }
}
