package espalier.testing.plain;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ServerSocketFactory;

/** An HTTP server on loopback for tests, raw enough to misbehave: handlers write bytes as they like. */
public final class LoopbackServer implements AutoCloseable {
    /** Answers one request. */
    public interface Handler {
        void handle(Exchange exchange) throws Exception;
    }

    /** One request as it arrived, and the way back. Header names are in lower case. */
    public record Exchange(
            String method, String target, Map<String, String> headers, String body, Socket socket, OutputStream out) {
        /** Path without query. */
        public String path() {
            return target.split("\\?", 2)[0];
        }

        /** The decoded query, in the order of names. */
        public Map<String, String> query() {
            var query = new TreeMap<String, String>();
            int at = target.indexOf('?');
            if (at >= 0) {
                for (String pair : target.substring(at + 1).split("&")) {
                    String[] sides = pair.split("=", 2);
                    query.put(
                            java.net.URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
                            java.net.URLDecoder.decode(sides.length > 1 ? sides[1] : "", StandardCharsets.UTF_8));
                }
            }
            return query;
        }

        /** Writes text as it is. */
        public void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** A well-formed answer; {@code headers} are "Name: value". */
        public void answer(int status, byte[] body, String... headers) throws IOException {
            raw("HTTP/1.1 " + status + " Whatever\r\nContent-Length: " + body.length + "\r\n"
                    + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n");
            out.write(body);
            out.flush();
        }

        public void answer(int status, String body, String... headers) throws IOException {
            answer(status, body.getBytes(StandardCharsets.UTF_8), headers);
        }

        /** Ends the connection with a reset instead of an orderly end. */
        public void reset() throws IOException {
            out.flush();
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private final ServerSocket server;
    private final Handler handler;
    private final boolean secure;
    private final List<Exchange> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "loopback-server");
        thread.setDaemon(true);
        return thread;
    });

    private LoopbackServer(ServerSocket server, Handler handler, boolean secure) {
        this.server = server;
        this.handler = handler;
        this.secure = secure;
    }

    public static LoopbackServer start(Handler handler) throws IOException {
        return start(ServerSocketFactory.getDefault(), handler);
    }

    public static LoopbackServer start(ServerSocketFactory factory, Handler handler) throws IOException {
        var socket = factory.createServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
        boolean secure = socket instanceof javax.net.ssl.SSLServerSocket;
        var started = new LoopbackServer(socket, handler, secure);
        started.threads.execute(started::accept);
        return started;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url(String target) {
        return (secure ? "https" : "http") + "://127.0.0.1:" + port() + target;
    }

    /** Every request so far, in order of arrival. */
    public List<Exchange> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            String[] start = line(in).split(" ");
            if (start.length < 2) {
                return;
            }
            var headers = new TreeMap<String, String>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String[] sides = line.split(":", 2);
                headers.put(sides[0].toLowerCase(Locale.ROOT), sides[1].strip());
            }
            byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            var exchange = new Exchange(
                    start[0],
                    start[1],
                    headers,
                    new String(body, StandardCharsets.UTF_8),
                    socket,
                    socket.getOutputStream());
            requests.add(exchange);
            handler.handle(exchange);
        } catch (Exception gone) {
            // the client left, or the test closed the server: both are what tests do
        } finally {
            open.remove(socket);
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
