package espalier.cli;

/** Numbers with their nouns. */
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
}
