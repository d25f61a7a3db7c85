package espalier.web;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Closes connections whose headers do not come to their end in time, new ones that send nothing and, once all connections
 * are taken, those that are silent between two requests. Jetty's own time-out is one of silence, and as long as a connection
 * may be silent between two requests: a caller that sends a byte a second could hold a connection for hours.
 */
final class ConnectionWatch extends AbstractLifeCycle implements Connection.Listener {
    private static final int LOOKS = 4; // within the time
    /** Once all connections are taken, others wait behind those that send nothing: these get so much less time. */
    private static final int HURRY = 8;

    private final ServerConnector connector;
    private final long nanos;
    private final int most;
    /** By connection: when it was opened. */
    private final Map<HttpConnection, Long> open = new ConcurrentHashMap<>();
    /** By connection: since when that was awaited which was late at the last look. Looks follow one another. */
    private volatile Map<HttpConnection, Long> lateBefore = Map.of();

    private ConnectionWatch(ServerConnector connector, Limits limits) {
        this.connector = connector;
        this.nanos = limits.idle().toNanos();
        this.most = limits.connections();
    }

    /** Watches the connections of {@code connector}. */
    static void begin(ServerConnector connector, Limits limits) {
        connector.addBean(new ConnectionWatch(connector, limits));
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    private void lookLater() {
        long pause = isCrowded() ? nanos / LOOKS / HURRY : nanos / LOOKS;
        connector.getScheduler().schedule(this::look, pause, TimeUnit.NANOSECONDS);
    }

    private boolean isCrowded() {
        return open.size() >= most;
    }

    private void look() {
        long now = System.nanoTime();
        boolean crowded = isCrowded();
        long patience = crowded ? nanos / HURRY : nanos;
        // The parser belongs to another thread, and a look may see its new state beside its old time: late is who was
        // late at the look before, too, with the same request.
        Map<HttpConnection, Long> lateNow = new HashMap<>();
        open.forEach((one, opened) -> {
            var since = awaitedSince(one, opened);
            if (since.isPresent() && now - since.getAsLong() > patience) {
                lateNow.put(one, since.getAsLong());
            } else if (crowded && isSilent(one)) {
                one.getEndPoint().close();
            }
        });
        lateNow.forEach((one, begin) -> {
            if (begin.equals(lateBefore.get(one))) {
                one.getEndPoint().close();
            }
        });
        lateBefore = lateNow;
        if (isRunning()) {
            lookLater();
        }
    }

    /** Since when headers are awaited: from their first byte on, or from the first moment; empty between requests and in bodies. */
    private static OptionalLong awaitedSince(HttpConnection connection, long opened) {
        var parser = connection.getParser();
        if (parser.isStart()) {
            return connection.getMessagesIn() == 0 ? OptionalLong.of(opened) : OptionalLong.empty();
        }
        return parser.inHeaderState() ? OptionalLong.of(parser.getBeginNanoTime()) : OptionalLong.empty();
    }

    /** Whether it has been waiting for its next request for the time. */
    private boolean isSilent(HttpConnection connection) {
        return connection.getParser().isStart()
                && connection.getMessagesIn() > 0
                && connection.getEndPoint() instanceof IdleTimeout timed
                && TimeUnit.MILLISECONDS.toNanos(timed.getIdleFor()) > nanos;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.put(http, System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.remove(http);
        }
    }
}
