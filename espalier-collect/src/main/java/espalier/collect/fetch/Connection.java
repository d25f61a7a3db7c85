package espalier.collect.fetch;

import espalier.collect.fetch.FetchException.Kind;
import espalier.collect.fetch.Proxies.HttpProxy;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One connection to one checked address, for one exchange. A watchdog closes the socket when the
 * deadline passes, because socket time-outs bound neither writing nor a handshake that drips.
 */
final class Connection implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor WATCHDOG = watchdog();

    private final Socket plain;
    private final Deadline deadline;
    private final Duration stall;
    private final Future<?> alarm;
    private Socket socket;
    private InputStream in;

    private Connection(Socket plain, Deadline deadline, Duration stall) throws IOException {
        this.plain = plain;
        this.socket = plain;
        this.deadline = deadline;
        this.stall = stall;
        this.in = plain.getInputStream();
        this.alarm = WATCHDOG.schedule(this::cut, deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Connects to {@code address}. */
    static Connection open(Dialer dialer, InetSocketAddress address, FetchOptions options, Deadline deadline)
            throws FetchException {
        Duration limit = Duration.ofMillis(deadline.leftMillis(options.connectTimeout()));
        try {
            return new Connection(dialer.dial(address, limit), deadline, options.stallTimeout());
        } catch (SocketTimeoutException late) {
            throw new FetchException(Kind.TIMEOUT, "no connection within " + seconds(limit), late);
        } catch (IOException failure) {
            throw new FetchException(Kind.CONNECT, "cannot connect: " + failure.getMessage(), failure);
        }
    }

    /** Asks an HTTP proxy for a tunnel to {@code url}. */
    void tunnel(Url url, HttpProxy proxy) throws FetchException {
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        String target = host + ":" + url.port();
        send(
                "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization(proxy) + "\r\n",
                new byte[0]);
        Head head = guard(() -> Head.read(input()));
        if (head.status() / 100 != 2) {
            throw new FetchException(Kind.CONNECT, "the proxy " + proxy + " refused with status " + head.status());
        }
    }

    static String authorization(HttpProxy proxy) {
        return proxy.authorization()
                .map(value -> "Proxy-Authorization: " + value + "\r\n")
                .orElse("");
    }

    /** Turns on TLS and checks that the certificate is valid and for {@code host}. */
    void secure(SSLSocketFactory factory, String host) throws FetchException {
        guard(() -> {
            var layered = (SSLSocket) factory.createSocket(plain, host, plain.getPort(), true);
            SSLParameters parameters = layered.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // else any valid certificate would do
            layered.setSSLParameters(parameters);
            layered.setSoTimeout(deadline.leftMillis(stall));
            layered.startHandshake();
            socket = layered;
            in = layered.getInputStream();
            return layered;
        });
    }

    void send(String head, byte[] body) throws FetchException {
        guard(() -> {
            var out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return out;
        });
    }

    /** The answer's bytes, each read bounded by the stall limit and the deadline. */
    InputStream input() {
        if (!(in instanceof BufferedInputStream)) {
            in = new BufferedInputStream(new Timed(in), 16_384);
        }
        return in;
    }

    @Override
    public void close() {
        alarm.cancel(false);
        cut();
    }

    private void cut() {
        try {
            plain.close();
        } catch (IOException ignored) {
            // it is closed as far as we can
        }
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private final class Timed extends FilterInputStream {
        Timed(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return guard(() -> {
                socket.setSoTimeout(deadline.leftMillis(stall));
                return in.read(buffer, offset, length);
            });
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> T guard(Step<T> step) throws FetchException {
        try {
            T result = step.run();
            if (deadline.passed()) {
                throw overdue(null);
            }
            return result;
        } catch (FetchException known) {
            throw known;
        } catch (SocketTimeoutException late) {
            // The wait was capped by the deadline and may end a clock tick before it.
            throw deadline.left().toMillis() < 20
                    ? overdue(late)
                    : new FetchException(Kind.TIMEOUT, "nothing arrived for " + seconds(stall), late);
        } catch (IOException failure) {
            if (deadline.passed()) {
                throw overdue(failure);
            }
            boolean tls = failure instanceof SSLException && !(failure.getCause() instanceof SocketException);
            boolean reading = socket != plain;
            throw tls && !reading
                    ? new FetchException(Kind.TLS, "no trusted connection: " + reason(failure), failure)
                    : new FetchException(Kind.BROKEN, "the connection broke: " + failure.getMessage(), failure);
        }
    }

    private FetchException overdue(@org.jspecify.annotations.Nullable Throwable cause) {
        String message = "not done within " + seconds(deadline.limit());
        return cause == null
                ? new FetchException(Kind.TIMEOUT, message)
                : new FetchException(Kind.TIMEOUT, message, cause);
    }

    /** The innermost message: "certificate expired", "No name matching ...", "unable to find valid ...". */
    private static String reason(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return String.valueOf(inner.getMessage());
    }

    private static ScheduledThreadPoolExecutor watchdog() {
        var pool = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "espalier-fetch-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        pool.setRemoveOnCancelPolicy(true);
        return pool;
    }
}
