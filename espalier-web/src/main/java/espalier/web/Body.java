package espalier.web;

import io.javalin.http.Context;
import java.util.concurrent.atomic.AtomicLong;

/** The body of a request, which is read whole before its handler is called. */
public final class Body {
    static final String ATTRIBUTE = "espalier.body";
    private static final byte[] NOTHING = {};

    private Body() {}

    /** The bytes of the body; empty when there is none. Do not write to them. */
    public static byte[] bytes(Context ctx) {
        return ctx.req().getAttribute(ATTRIBUTE) instanceof byte[] bytes ? bytes : NOTHING;
    }

    /** How many bytes of bodies may be in memory at once. */
    static final class Budget {
        private final AtomicLong left;

        Budget(long bytes) {
            left = new AtomicLong(bytes);
        }

        /** Takes so many; false, and takes none, when they are not left. */
        boolean take(long bytes) {
            if (left.addAndGet(-bytes) >= 0) {
                return true;
            }
            left.addAndGet(bytes);
            return false;
        }

        /** Gives so many back. */
        void giveBack(long bytes) {
            left.addAndGet(bytes);
        }

        long left() {
            return left.get();
        }
    }
}
