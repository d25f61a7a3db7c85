package espalier.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The numbers that an option takes, said before any work begins.
 *
 * @param least the smallest
 * @param most the largest
 * @param hint a sentence that says what may be meant
 */
record Range(int least, int most, String hint) {
    /** A port to listen at; 0 takes any that is free. */
    static final Range PORT = new Range(0, 65535, "Maybe 8080 is meant, or 0 for any that is free.");

    /** Numbers without an upper end. */
    static Range from(int least, String hint) {
        return new Range(least, Integer.MAX_VALUE, hint);
    }

    /**
     * Gives {@code value} back when it is one of them.
     *
     * @param option as it is written, such as {@code "--port"}
     * @throws ParameterException with exit code 2 when it is not
     */
    int check(CommandLine line, String option, int value) {
        if (value < least || value > most) {
            String expected = most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
            throw new ParameterException(line, option + ": expected " + expected + ", received " + value + ". " + hint);
        }
        return value;
    }
}
