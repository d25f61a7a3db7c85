package espalier.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Closes connections whose headers do not come to their end in time. Jetty's own time-out is one of silence: a caller that
 * sends a byte a second could hold a connection for hours.
 */
final class SlowHeaders extends AbstractLifeCycle implements Connection.Listener {
    private static final int LOOKS = 4; // within the time

    private final ServerConnector connector;
    private final long nanos;
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    /** By connection: when the request began that was late at the last look. Looks follow one another. */
    private volatile Map<HttpConnection, Long> lateBefore = Map.of();

    private SlowHeaders(ServerConnector connector, long nanos) {
        this.connector = connector;
        this.nanos = nanos;
    }

    /** Watches the connections of {@code connector}, each request's headers for {@code time}. */
    static void watch(ServerConnector connector, Duration time) {
        var watch = new SlowHeaders(connector, time.toNanos());
        connector.addBean(watch);
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    private void lookLater() {
        connector.getScheduler().schedule(this::look, nanos / LOOKS, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        // The parser belongs to another thread, and a look may see its new state beside its old time: late is who was
        // late at the look before, too, with the same request.
        Map<HttpConnection, Long> lateNow = new HashMap<>();
        open.stream()
                .filter(one -> isLate(one, now))
                .forEach(one -> lateNow.put(one, one.getParser().getBeginNanoTime()));
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

    private boolean isLate(HttpConnection connection, long now) {
        var parser = connection.getParser();
        return !parser.isStart() && parser.inHeaderState() && now - parser.getBeginNanoTime() > nanos;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.add(http);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.remove(http);
        }
    }
}
