package espalier.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;

/**
 * Pretrained vectors of a vocabulary's tokens, from a text file as GloVe, fastText and word2vec publish them: a token and its
 * numbers on each line, with blanks between, maybe after a line with the counts. Tokens that the file does not have get
 * zeros, as in torchtext.
 *
 * @param dim the numbers of each vector, D
 * @param values {@code [V * D]}, a vector for each token in the order of the indices
 * @param missing how many tokens the file does not have; the special ones are not counted
 */
public record WordVectors(int dim, float[] values, int missing) {
    /** The most numbers of a vector. */
    private static final int MOST = 10_000;

    /**
     * Reads the vectors of the tokens of a vocabulary, line by line: a file of any size needs little memory. A token that is
     * not there as it is written gets the vector of its lower case.
     *
     * @throws UncheckedIOException when the file cannot be read
     * @throws IllegalArgumentException when it holds no vectors
     */
    public static WordVectors load(Path file, Vocabulary vocabulary) {
        var reading = new Reading(file, vocabulary);
        try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reading.take(line);
            }
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("there is no file " + file + ". Maybe the name is misspelt.", missing);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " cannot be read: " + failure.getMessage(), failure);
        }
        return reading.done();
    }

    /** What has been read so far. */
    private static final class Reading {
        private final Path file;
        private final Vocabulary vocabulary;
        private final BitSet exact = new BitSet();
        private final BitSet found = new BitSet();
        private final java.util.Map<String, int[]> byLowerCase = new java.util.HashMap<>();
        private int dim;
        private float[] values = new float[0];
        private long line;

        Reading(Path file, Vocabulary vocabulary) {
            this.file = file;
            this.vocabulary = vocabulary;
            for (int i = vocabulary.specials(); i < vocabulary.size(); i++) {
                int index = i;
                byLowerCase.merge(vocabulary.itos(i).toLowerCase(Locale.ROOT), new int[] {index}, Reading::joined);
            }
        }

        private static int[] joined(int[] some, int[] more) {
            int[] all = Arrays.copyOf(some, some.length + more.length);
            System.arraycopy(more, 0, all, some.length, more.length);
            return all;
        }

        void take(String text) {
            line++;
            String row = text.stripTrailing();
            if (dim == 0 && line == 1 && row.matches("[0-9]+ [0-9]+")) {
                return; // word2vec's line with the counts
            }
            if (dim == 0) {
                begin(row);
            }
            int end = wordEnd(row);
            if (end <= 0) {
                throw wrong("it has fewer than " + dim + " numbers");
            }
            String word = row.substring(0, end);
            int[] places = Optional.ofNullable(byLowerCase.get(word.toLowerCase(Locale.ROOT)))
                    .orElse(new int[0]);
            for (int place : places) {
                boolean same = vocabulary.itos(place).equals(word);
                boolean lower = word.equals(vocabulary.itos(place).toLowerCase(Locale.ROOT));
                if (same || (lower && !exact.get(place))) {
                    fill(place, row, end);
                    exact.set(place, same);
                    found.set(place);
                }
            }
        }

        private void begin(String row) {
            dim = row.split(" ", -1).length - 1;
            if (dim < 1 || dim > MOST) {
                throw wrong("it holds " + dim + " numbers");
            }
            values = new float[Math.multiplyExact(vocabulary.size(), dim)];
        }

        /** Words may have blanks themselves: the numbers are counted from the end. */
        private int wordEnd(String row) {
            int end = row.length();
            for (int i = 0; i < dim && end > 0; i++) {
                end = row.lastIndexOf(' ', end - 1);
            }
            return end;
        }

        private void fill(int place, String row, int wordEnd) {
            String[] numbers = row.substring(wordEnd + 1).split(" ", -1);
            try {
                for (int i = 0; i < dim; i++) {
                    float value = Float.parseFloat(numbers[i]);
                    if (!Float.isFinite(value)) {
                        throw wrong(numbers[i] + " is not finite");
                    }
                    values[place * dim + i] = value;
                }
            } catch (NumberFormatException number) {
                throw wrong("not all behind the word are numbers");
            }
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(
                    file + ", line " + line + ": expected a word and " + (dim > 0 ? dim : "its")
                            + " numbers with blanks between, but " + what + ". Maybe it is no file of word vectors.");
        }

        WordVectors done() {
            if (dim == 0) {
                throw wrong("the file is empty");
            }
            int missing = vocabulary.size() - vocabulary.specials() - found.cardinality();
            return new WordVectors(dim, values, missing);
        }
    }
}
