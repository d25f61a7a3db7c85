package espalier.data;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Locale;

/** Labels that people take for one. */
public final class LookAlikes {
    private LookAlikes() {}

    /** A label without what is easily mistaken: case, accents' encoding, separators, outer blanks. */
    public static String folded(String label) {
        String composed = Normalizer.normalize(label, Normalizer.Form.NFKC);
        return composed.toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\s_\\-]+", " ")
                .strip();
    }

    /** Ends a sentence on an unknown label: {@code ", maybe cat"} where a known one differs in that alone, else nothing. */
    public static String hint(String label, Collection<String> known) {
        return known.stream()
                .filter(one -> folded(one).equals(folded(label)))
                .findFirst()
                .map(one -> ", maybe " + one)
                .orElse("");
    }
}
