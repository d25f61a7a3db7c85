package espalier.web;

import io.javalin.http.sse.SseClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages to every page that listens, as server-sent events. Sending never waits: a thread of its own writes, and when
 * pages are too slow, the oldest messages that wait are dropped. Who comes later has missed what was sent before; give
 * the state by a route of its own.
 */
public final class EventStream implements AutoCloseable {
    private static final int MOST_LISTENERS = 32;
    private static final int MOST_WAITING = 1000;
    /** Connections are closed after a few silent seconds: a comment now and then keeps them. */
    private static final long BEAT_MILLIS = 2000;

    private static final long LAST_WORDS_MILLIS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final List<SseClient> listeners = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor writer;
    private final Thread beat;

    /** A stream without listeners. */
    public EventStream() {
        writer = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingDeque<>(MOST_WAITING),
                task -> thread(task, "espalier-events"),
                new ThreadPoolExecutor.DiscardOldestPolicy());
        beat = thread(this::beat, "espalier-heartbeat");
        beat.start();
    }

    private static Thread thread(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Sends a value as JSON to all that listen. */
    public void send(String event, Object value) {
        String json = Json.text(value);
        write(() -> listeners.forEach(client -> client.sendEvent(event, json)));
    }

    /** How many pages listen. */
    public int listeners() {
        return listeners.size();
    }

    void open(SseClient client) {
        if (listeners.size() >= MOST_LISTENERS) {
            throw new WebException(503, "busy", "Too many pages listen already.").retryAfter(5);
        }
        client.keepAlive();
        client.onClose(() -> listeners.remove(client));
        listeners.add(client);
        write(() -> client.sendComment("welcome"));
    }

    private void write(Runnable task) {
        try {
            writer.execute(task);
        } catch (RejectedExecutionException closed) {
            listeners.clear(); // nobody is left to be told
        }
    }

    private void beat() {
        try {
            while (!writer.isShutdown()) {
                Thread.sleep(BEAT_MILLIS);
                write(() -> listeners.forEach(client -> client.sendComment("")));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the stream for all that listen, once what waits is written or half a second has passed. */
    @Override
    public void close() {
        beat.interrupt();
        writer.shutdown();
        try {
            boolean written = writer.awaitTermination(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
            LOG.debug("all messages were written: {}", written);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        listeners.forEach(SseClient::close);
    }
}
