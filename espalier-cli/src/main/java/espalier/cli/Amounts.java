package espalier.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Amounts {
    private Amounts() {}

    /** A number with its noun, such as {@code "1 file"} or {@code "2 files"}. */
    static String of(int count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** A number with its noun, whose plural is {@code many}. */
    static String of(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** Minutes and seconds, {@code 1:05}; below ten seconds with a tenth, {@code 3.2 s}. */
    static String time(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }

    /** A number by a format, a dash where there is none. */
    static String decimal(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
