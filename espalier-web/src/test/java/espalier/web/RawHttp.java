package espalier.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client that sends exactly the bytes it is given, as no decent client would. */
public final class RawHttp implements AutoCloseable {
    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /**
     * What came back.
     *
     * @param status 0 when the connection was closed without an answer
     * @param headers by lower-case name, several values joined by a comma
     */
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Connects. */
    public static RawHttp connect(String host, int port) throws IOException {
        var socket = new Socket(host, port);
        socket.setSoTimeout(20_000);
        return new RawHttp(socket);
    }

    /** Sends one request and reads the answer. */
    public static Reply exchange(int port, String request) throws IOException {
        try (var http = connect("127.0.0.1", port)) {
            http.send(request.getBytes(StandardCharsets.ISO_8859_1));
            return http.reply();
        }
    }

    /** Sends one request on this connection and reads the answer. */
    public Reply exchange(byte[] request) throws IOException {
        send(request);
        return reply();
    }

    /** The head of a request to the local server, with further lines. */
    public static String head(int port, String method, String path, String... lines) {
        var all = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: 127.0.0.1:" + port));
        all.addAll(List.of(lines));
        return String.join("\r\n", all) + "\r\n\r\n";
    }

    public void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException refused) {
            // The server may answer and close before everything is sent; the answer is still to be read.
        }
    }

    /** Says that nothing more will be sent. */
    public void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException refused) {
            // The server has closed already; its answer is still to be read.
        }
    }

    public Socket socket() {
        return socket;
    }

    /** Whether the server has not closed the connection within so many milliseconds; it must send nothing meanwhile. */
    public boolean staysOpen(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException open) {
            return true;
        } catch (SocketException reset) {
            return false;
        }
    }

    /** Reads one answer. */
    public Reply reply() throws IOException {
        var in = socket.getInputStream();
        try {
            String status = line(in);
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.merge(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip(),
                        (a, b) -> a + ", " + b);
            }
            if (status.isEmpty()) {
                return new Reply(0, Map.of(), new byte[0]);
            }
            return new Reply(Integer.parseInt(status.split(" ")[1]), headers, body(in, headers));
        } catch (SocketException reset) {
            return new Reply(0, Map.of(), new byte[0]);
        }
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return in.readNBytes(Integer.parseInt(headers.get("content-length")));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return "close".equals(headers.get("connection")) ? in.readAllBytes() : new byte[0];
        }
        var all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            all.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
