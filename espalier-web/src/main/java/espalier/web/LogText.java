package espalier.web;

/** Text from outside as a log may show it. */
public final class LogText {
    private static final int MOST = 200;

    private LogText() {}

    /** The text on one line: whatever could begin a new line or move the cursor is written as {@code \}{@code uXXXX}. */
    public static String of(String text) {
        var safe = new StringBuilder();
        text.codePoints().limit(MOST).forEach(c -> {
            int kind = Character.getType(c);
            boolean plain = !Character.isISOControl(c)
                    && kind != Character.FORMAT
                    && kind != Character.LINE_SEPARATOR
                    && kind != Character.PARAGRAPH_SEPARATOR
                    && kind != Character.SURROGATE;
            if (plain) {
                safe.appendCodePoint(c);
            } else {
                safe.append(String.format("\\u%04X", c));
            }
        });
        return text.codePointCount(0, text.length()) > MOST ? safe.append("...").toString() : safe.toString();
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
