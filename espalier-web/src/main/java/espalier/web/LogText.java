package espalier.web;

import espalier.report.PlainText;

/** Text from outside as a log may show it. */
public final class LogText {
    private static final int MOST = 200;

    private LogText() {}

    /** The text on one line, at most 200 code points of it. */
    public static String of(String text) {
        return PlainText.line(text, MOST);
    }

    /** A failure as a log may show it: its kind, its message on one line, and where it happened; its causes likewise. */
    public static Throwable of(Throwable failure) {
        return new Shown(failure, 0);
    }

    private static final class Shown extends RuntimeException {
        private static final int MOST_CAUSES = 5;

        Shown(Throwable failure, int depth) {
            super(
                    failure.getClass().getName() + ": " + LogText.of(String.valueOf(failure.getMessage())),
                    failure.getCause() == null || depth == MOST_CAUSES
                            ? null
                            : new Shown(failure.getCause(), depth + 1));
            setStackTrace(failure.getStackTrace());
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // it is the other's that is shown
        }
    }
}
