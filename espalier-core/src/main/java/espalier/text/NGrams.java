package espalier.text;

import espalier.token.Tokenizer;
import espalier.token.Tokenizers;
import java.util.LinkedHashMap;
import java.util.Map;

/** One kind of n-grams: which sequences of a text are counted. */
public sealed interface NGrams permits NGrams.Words, NGrams.Characters {
    /** The longest n-gram. */
    int MOST = 20;

    /**
     * Sequences of {@code least} to {@code most} tokens.
     *
     * @param tokenizer what a token is
     * @param least tokens in the shortest, at least 1
     * @param most tokens in the longest, at most {@link #MOST}
     */
    record Words(Tokenizer tokenizer, int least, int most) implements NGrams {
        public Words {
            check(least, most);
        }
    }

    /**
     * Sequences of {@code least} to {@code most} characters within the words between blanks, a blank before and after each
     * word included: scikit-learn's {@code char_wb}. A word shorter than {@code least} is taken whole.
     *
     * @param least code points in the shortest, at least 1
     * @param most code points in the longest, at most {@link #MOST}
     */
    record Characters(int least, int most) implements NGrams {
        public Characters {
            check(least, most);
        }
    }

    /** The least number of tokens or characters. */
    int least();

    /** The greatest number of tokens or characters. */
    int most();

    /** Sequences of words and of single signs; see {@link Tokenizers#words()}. */
    static NGrams words(int least, int most) {
        return new Words(Tokenizers.words(), least, most);
    }

    /** Sequences of characters within words. */
    static NGrams characters(int least, int most) {
        return new Characters(least, most);
    }

    /** This as values that JSON can hold; {@link #from} makes it again. */
    default Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("of", this instanceof Words ? "words" : "characters");
        map.put("least", least());
        map.put("most", most());
        if (this instanceof Words words) {
            map.putAll(Tokenizers.toMap(words.tokenizer()));
        }
        return map;
    }

    /** What {@link #toMap} gave. @throws IllegalArgumentException when it is something else */
    static NGrams from(Map<?, ?> map) {
        int least = number(map, "least");
        int most = number(map, "most");
        if ("characters".equals(map.get("of"))) {
            return new Characters(least, most);
        }
        if ("words".equals(map.get("of"))) {
            return new Words(Tokenizers.from(map), least, most);
        }
        throw new IllegalArgumentException("n-grams are of words or of characters, but got " + map.get("of")
                + ". Maybe a newer Espalier wrote the file.");
    }

    private static int number(Map<?, ?> map, String name) {
        if (map.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalArgumentException(
                "n-grams need the number " + name + ", but got " + map.get(name) + ". Maybe the file is damaged.");
    }

    private static void check(int least, int most) {
        if (least < 1 || most < least || most > MOST) {
            throw new IllegalArgumentException("n-grams go from at least 1 to at most " + MOST + ", but got " + least
                    + " to " + most + ". Maybe the numbers were swapped.");
        }
    }
}
