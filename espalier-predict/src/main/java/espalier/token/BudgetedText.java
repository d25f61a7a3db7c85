package espalier.token;

/** A text that may be looked at so many times only: a pattern from a file must not hold a server up. */
final class BudgetedText implements CharSequence {
    private static final long EACH = 1_000;
    private static final long AT_LEAST = 1_000_000;

    private final CharSequence text;
    private final String pattern;
    private long left;

    /** @param pattern which is looked for, in messages */
    BudgetedText(CharSequence text, String pattern) {
        this.text = text;
        this.pattern = pattern;
        this.left = AT_LEAST + EACH * text.length();
    }

    IllegalArgumentException tooLong(Throwable cause) {
        return new IllegalArgumentException(
                "the pattern " + pattern + " takes too long for a text of " + text.length()
                        + " characters. Maybe it repeats what is repeated already, as (a+)+ does.",
                cause);
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw tooLong(new IllegalStateException("no steps left"));
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
