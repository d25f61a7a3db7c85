package espalier.cli;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import espalier.report.PlainText;

/** The message of a log line, in which names from files can neither begin a line nor steer a terminal. */
public final class PlainMessage extends MessageConverter {
    /** For {@code logback.xml}. */
    public PlainMessage() {}

    @Override
    public String convert(ILoggingEvent event) {
        return PlainText.line(super.convert(event));
    }
}
