package espalier.cli;

import espalier.report.PlainText;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger whose messages are lines on standard error, in which names from files can neither begin a line nor steer a
 * terminal. Warnings and errors are shown, and which models a server has taken up; with the system property {@code
 * espalier.log}, such as {@code debug}, also what Espalier's own classes have to say from that level on, with stack traces.
 */
final class LogLine extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    /** The least level that is shown, by the beginning of the logger's name; what the web server says, our own messages say. */
    private static final Map<String, Integer> LEAST = Map.of(
            "io.javalin", Level.ERROR.toInt() + 1,
            "org.eclipse.jetty", Level.ERROR.toInt(),
            "espalier.web.predict", Level.INFO.toInt());

    private final int least;
    private final boolean traces;

    LogLine(String name) {
        this(name, System.getProperty("espalier.log"));
    }

    /** @param asked the least level that the user wants of Espalier's own classes; null for the usual one */
    LogLine(String name, @Nullable String asked) {
        this.name = name;
        traces = asked != null && name.startsWith("espalier.");
        least = traces ? level(String.valueOf(asked)) : usual(name);
    }

    private static int level(String name) {
        try {
            return Level.valueOf(name.toUpperCase(Locale.ROOT)).toInt();
        } catch (IllegalArgumentException unknown) {
            return Level.DEBUG.toInt();
        }
    }

    private static int usual(String name) {
        for (var rule : LEAST.entrySet()) {
            if (name.startsWith(rule.getKey())) {
                return rule.getValue();
            }
        }
        return Level.WARN.toInt();
    }

    @Override
    @SuppressWarnings("SystemOut") // this is the command line
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        String text = MessageFormatter.basicArrayFormat(message, arguments);
        System.err.println("espalier: " + PlainText.line(String.valueOf(text)));
        if (traces && thrown != null) {
            thrown.printStackTrace();
        }
    }

    private boolean shows(Level level) {
        return level.toInt() >= least;
    }

    @Override
    public boolean isTraceEnabled() {
        return shows(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return shows(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return shows(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return shows(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return shows(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null; // a line does not say which class it is from
    }
}
