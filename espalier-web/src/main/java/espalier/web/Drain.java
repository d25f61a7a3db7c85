package espalier.web;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads what is left of the body of a refused request, and drops it. When a connection is closed with bytes unread, the
 * system resets it, and a caller who was still sending never sees the answer, but a broken connection. It gives up after 64 MB
 * or 30 seconds.
 */
final class Drain implements Invocable.Task {
    private static final long MOST = 64L << 20;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Request request;
    private final Callback then;
    private final long start = System.nanoTime();
    private long read;

    private Drain(Request request, Callback then) {
        this.request = request;
        this.then = then;
    }

    /** What an answer tells that it was sent, and that tells {@code then} when the body has been read. */
    static Callback before(Request request, Callback then) {
        return Callback.from(() -> new Drain(request, then).run(), then::failed);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            read += chunk.remaining();
            boolean over = chunk.isLast() || Content.Chunk.isFailure(chunk) || read > MOST;
            chunk.release();
            if (over || System.nanoTime() - start > NANOS) {
                then.succeeded();
                return;
            }
        }
    }
}
