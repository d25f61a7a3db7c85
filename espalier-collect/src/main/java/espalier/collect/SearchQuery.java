package espalier.collect;

/**
 * What is searched for.
 *
 * @param text the words
 * @param licence which licences are wanted
 * @param safe leaves out what is not for everybody's eyes
 * @param wanted how many more pictures are wanted, a hint for the size of a page
 */
public record SearchQuery(String text, LicenceFilter licence, boolean safe, int wanted) {
    public SearchQuery {
        if (text.isBlank() || wanted < 1) {
            throw new IllegalArgumentException("Expected words to search for and a count of at least 1, got \"" + text
                    + "\" and " + wanted + ". Maybe the shell took the quotes.");
        }
    }

    /** A page size: what is wanted, at most {@code most}. */
    public int pageSize(int most) {
        return Math.min(wanted, most);
    }
}
