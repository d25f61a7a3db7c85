package espalier.cli;

import java.util.Locale;
import java.util.Optional;

/** Checks the numbers of options before any work is done, and names the option. */
final class Bounds {
    private Bounds() {}

    /** Gives a whole number back that is from {@code least} to {@code most}; {@code usual} is what errors suggest. */
    static int whole(String option, int value, int least, int most, String usual) {
        if (value < least || value > most) {
            String expected = most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
            throw refused(option, String.valueOf(value), expected, usual);
        }
        return value;
    }

    /** Gives the option's number back, or the usual one where it was not given: 1 to {@code most}. */
    static int whole(String option, Optional<Integer> given, int usual, int most) {
        return whole(option, given.orElse(usual), 1, most, String.valueOf(usual));
    }

    /** Gives a port back that can be listened at; 0 stands for any that is free. */
    static int port(String option, int value) {
        return whole(option, value, 0, 65_535, "8080, or 0 for any that is free");
    }

    /** What {@link #number} takes as its lower end when 0 is allowed. */
    static final double FROM_ZERO = -Double.MIN_VALUE;

    /** Gives a number back that is greater than {@code above} and not greater than {@code most}. */
    static double number(String option, double value, double above, double most, String usual) {
        if (!(value > above && value <= most)) {
            String least = above < 0 ? "0 or more" : "more than " + plain(above);
            String expected = most == Double.MAX_VALUE ? least : least + ", at most " + plain(most);
            throw refused(option, String.valueOf(value), expected, usual);
        }
        return value;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }

    private static CommandException refused(String option, String value, String expected, String usual) {
        return new CommandException(
                ExitCodes.USAGE, option + " is " + value + ", expected " + expected + ". Maybe " + usual + ".");
    }
}
