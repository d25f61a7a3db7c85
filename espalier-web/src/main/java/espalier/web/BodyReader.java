package espalier.web;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads the body of a request as it comes, without holding a thread meanwhile: a thousand slow senders cost a thousand
 * connections and nothing else. Memory grows with what has come, not with what was announced.
 */
final class BodyReader implements Invocable.Task {
    private static final int FIRST = 16 << 10;
    private static final long GRACE = 5_000_000_000L;

    private final Request request;
    private final Body.Budget budget;
    private final BodyLimit limit;
    private final int bytesPerSecond;
    private final Consumer<byte[]> done;
    private final Consumer<WebException> failed;
    private final long start = System.nanoTime();
    private byte[] bytes = {};
    private int size;
    private long taken;

    /**
     * @param limit of the body, or 413
     * @param bytesPerSecond least pace, or 408
     * @param done gets the body; {@link #taken()} bytes of the budget stay taken
     * @param failed gets the error; nothing stays taken
     */
    BodyReader(
            Request request,
            Body.Budget budget,
            BodyLimit limit,
            int bytesPerSecond,
            Consumer<byte[]> done,
            Consumer<WebException> failed) {
        this.request = request;
        this.budget = budget;
        this.limit = limit;
        this.bytesPerSecond = bytesPerSecond;
        this.done = done;
        this.failed = failed;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** How much of the budget this body has taken. */
    long taken() {
        return taken;
    }

    /** Reads what is there, and asks to be called again when more comes. */
    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                fail(unread(chunk.getFailure()));
                return;
            }
            var problem = add(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (problem.isPresent()) {
                fail(problem.get());
                return;
            }
            if (last) {
                done.accept(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
                return;
            }
        }
    }

    private static WebException unread(Throwable why) {
        return why instanceof HttpException
                ? new WebException(400, "bad_request", "The body of the request is not sent as HTTP has it.")
                : new WebException(408, "incomplete_body", "The body of the request did not come to its end.");
    }

    private Optional<WebException> add(ByteBuffer part) {
        int count = part.remaining();
        if ((long) size + count > limit.most()) {
            return Optional.of(limit.refusal());
        }
        if (size + count > bytes.length) {
            int room = (int) Math.min(limit.most(), Math.max(FIRST, Math.max(2L * bytes.length, (long) size + count)));
            if (!budget.take(room - taken)) {
                return Optional.of(
                        new WebException(503, "busy", "The server has no memory left for this now.").retryAfter(1));
            }
            taken = room;
            bytes = Arrays.copyOf(bytes, room);
        }
        part.get(bytes, size, count);
        size += count;
        long elapsed = System.nanoTime() - start;
        if (elapsed > GRACE && size < bytesPerSecond * (elapsed / 1e9)) {
            return Optional.of(new WebException(408, "too_slow", "The body of the request comes too slowly."));
        }
        return Optional.empty();
    }

    private void fail(WebException problem) {
        budget.giveBack(taken);
        taken = 0;
        bytes = new byte[0];
        failed.accept(problem);
    }
}
