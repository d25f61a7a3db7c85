package espalier.cli;

/** Numbers that options are given, and numbers in what is printed. */
final class Amounts {
    private Amounts() {}

    /** Passes when {@code value} is at least {@code least}. @throws ParameterException (code 2) when it is less */
    static void atLeast(EspalierCommand command, String option, int value, int least) {
        if (value < least) {
            throw command.wrongUsage(option + " is " + value + ", expected at least " + least
                    + ". Maybe a digit or a unit is wrong; --help tells what the number counts.");
        }
    }

    /** A number with its noun, such as {@code "1 file"} or {@code "2 files"}. */
    static String of(int count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** A number with its noun, whose plural is {@code many}. */
    static String of(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
