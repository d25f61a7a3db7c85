package espalier.text;

import espalier.format.DType;
import espalier.report.DataException;
import espalier.tensor.Tensor;
import espalier.token.Tokenizer;
import espalier.token.Tokenizers;
import espalier.token.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * How texts become numbers: torchtext's {@code Field}, with the same words, defaults and results. Immutable: every setter
 * gives a changed copy.
 *
 * <pre>{@code
 * var text = Field.text().lower().tokenize(Tokenizers.words()).batchFirst();
 * var tweets = TabularDataset.of(Table.of(csv), List.of(FieldColumn.of("5", text), FieldColumn.of("0", Field.label())));
 * var known = text.buildVocabulary(tweets.column("5"), 20_000, 1);
 * Tensor x = known.process(tweets.column("5").subList(0, 64)).values(); // [N, T]
 * }</pre>
 *
 * <p>A value is always a list of tokens; what is not sequential is a list of one. What differs from torchtext: unknown tokens
 * get the index of {@link Marks#unknown} whatever it is called, where torchtext knows {@code <unk>} alone.
 *
 * @param reading how a text becomes tokens
 * @param padding how the tokens of a batch come to one length
 * @param marks the special tokens
 * @param numbers how tokens become numbers
 * @param vocabulary the known tokens, once it is built
 */
public record Field(Reading reading, Padding padding, Marks marks, Numbers numbers, Optional<Vocabulary> vocabulary) {
    /** Keeps values as they are. */
    private static final UnaryOperator<List<String>> AS_READ = UnaryOperator.identity();

    private static final UnaryOperator<long[][]> AS_COUNTED = UnaryOperator.identity();

    /**
     * How a text becomes tokens.
     *
     * @param sequential whether a value is a sequence of tokens, rather than a single one
     * @param tokenizer divides a text
     * @param lower whether {@code The} counts as {@code the}
     * @param stopWords tokens to leave out, after lower case is applied
     * @param preprocessing changes the tokens at last
     */
    public record Reading(
            boolean sequential,
            Tokenizer tokenizer,
            boolean lower,
            Set<String> stopWords,
            UnaryOperator<List<String>> preprocessing) {
        public Reading {
            stopWords = Collections.unmodifiableSet(new LinkedHashSet<>(stopWords));
        }
    }

    /**
     * How the tokens of a batch come to one length.
     *
     * @param fixLength the length with the marks at the beginning and end; empty: that of the longest
     * @param first whether padding stands before the tokens
     * @param truncateFirst whether too long ones lose their beginning, rather than their end
     */
    public record Padding(Optional<Integer> fixLength, boolean first, boolean truncateFirst) {}

    /**
     * The special tokens.
     *
     * @param init stands at the beginning of each sequence
     * @param eos stands at the end of each sequence
     * @param pad fills up shorter sequences; empty for what is no sequence
     * @param unknown stands for tokens that the vocabulary does not know; empty: such are an error
     */
    public record Marks(Optional<String> init, Optional<String> eos, Optional<String> pad, Optional<String> unknown) {}

    /**
     * How tokens become numbers.
     *
     * @param useVocabulary whether a token's number is its index; if not, it is read as a number
     * @param dtype of the tensor
     * @param batchFirst whether the batch is the first dimension, rather than the second
     * @param includeLengths whether the lengths before padding are told
     * @param postprocessing changes the numbers at last, a row a value
     */
    public record Numbers(
            boolean useVocabulary,
            DType dtype,
            boolean batchFirst,
            boolean includeLengths,
            UnaryOperator<long[][]> postprocessing) {}

    /**
     * A batch of values.
     *
     * @param values {@code [T, N]}, or {@code [N, T]} with {@link #batchFirst}; {@code [N]} of what is not sequential
     * @param lengths int64 {@code [N]}, the marks at beginning and end counted, with {@link #includeLengths}
     */
    public record Processed(Tensor values, Optional<Tensor> lengths) {}

    /**
     * Sequences of one length.
     *
     * @param tokens the tokens of each
     * @param lengths how many of them are no padding
     */
    public record Padded(List<List<String>> tokens, int[] lengths) {}

    /** torchtext's {@code Field()}: a sequence of what stands between blanks, padded to the longest, {@code [T, N]}. */
    public static Field text() {
        return new Field(
                new Reading(true, Tokenizers.whitespace(), false, Set.of(), AS_READ),
                new Padding(Optional.empty(), false, false),
                new Marks(Optional.empty(), Optional.empty(), Optional.of("<pad>"), Optional.of("<unk>")),
                new Numbers(true, DType.INT64, false, false, AS_COUNTED),
                Optional.empty());
    }

    /** torchtext's {@code LabelField()}: one of some names, of which none is unknown. */
    public static Field label() {
        var text = text();
        return text.reading(new Reading(false, Tokenizers.whitespace(), false, Set.of(), AS_READ))
                .marks(new Marks(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    // ---- reading

    private Field reading(Reading other) {
        return new Field(other, padding, marks, numbers, vocabulary);
    }

    /** A copy whose texts are divided in another way. */
    public Field tokenize(Tokenizer tokenizer) {
        return reading(
                new Reading(reading.sequential, tokenizer, reading.lower, reading.stopWords, reading.preprocessing));
    }

    /** A copy whose tokens are in lower case. */
    public Field lower() {
        return reading(
                new Reading(reading.sequential, reading.tokenizer, true, reading.stopWords, reading.preprocessing));
    }

    /** A copy that leaves some tokens out. */
    public Field stopWords(Set<String> words) {
        return reading(new Reading(reading.sequential, reading.tokenizer, reading.lower, words, reading.preprocessing));
    }

    /** A copy whose tokens are changed before they are counted. A model file cannot hold it. */
    public Field preprocessing(UnaryOperator<List<String>> change) {
        return reading(new Reading(reading.sequential, reading.tokenizer, reading.lower, reading.stopWords, change));
    }

    // ---- padding

    /** A copy whose sequences all have this length, the marks at the beginning and end counted. */
    public Field fixLength(int length) {
        int least = 1
                + (int) Stream.of(marks.init, marks.eos)
                        .flatMap(Optional::stream)
                        .count();
        if (length < least) {
            throw new IllegalArgumentException("a sequence must have a length of at least " + least + ", but got "
                    + length + ". Maybe leave it out: then the longest text of a batch decides.");
        }
        return padding(new Padding(Optional.of(length), padding.first, padding.truncateFirst));
    }

    /** A copy whose padding stands before the tokens. */
    public Field padFirst() {
        return padding(new Padding(padding.fixLength, true, padding.truncateFirst));
    }

    /** A copy whose too long sequences lose their beginning. */
    public Field truncateFirst() {
        return padding(new Padding(padding.fixLength, padding.first, true));
    }

    private Field padding(Padding other) {
        return new Field(reading, other, marks, numbers, vocabulary);
    }

    // ---- marks

    private Field marks(Marks other) {
        return new Field(reading, padding, other, numbers, vocabulary);
    }

    /** A copy whose sequences begin with a token. */
    public Field initToken(String token) {
        return marks(new Marks(Optional.of(token), marks.eos, marks.pad, marks.unknown));
    }

    /** A copy whose sequences end with a token. */
    public Field eosToken(String token) {
        return marks(new Marks(marks.init, Optional.of(token), marks.pad, marks.unknown));
    }

    /** A copy with another token to fill up with. */
    public Field padToken(String token) {
        return marks(new Marks(marks.init, marks.eos, Optional.of(token), marks.unknown));
    }

    /** A copy with another token for unknown ones. */
    public Field unkToken(String token) {
        return marks(new Marks(marks.init, marks.eos, marks.pad, Optional.of(token)));
    }

    // ---- numbers

    private Field numbers(Numbers other) {
        return new Field(reading, padding, marks, other, vocabulary);
    }

    /** A copy whose tokens are numbers already. */
    public Field noVocabulary() {
        return numbers(
                new Numbers(false, numbers.dtype, numbers.batchFirst, numbers.includeLengths, numbers.postprocessing));
    }

    /** A copy whose tensors are of another type. */
    public Field dtype(DType dtype) {
        return numbers(new Numbers(
                numbers.useVocabulary, dtype, numbers.batchFirst, numbers.includeLengths, numbers.postprocessing));
    }

    /** A copy whose batches are {@code [N, T]}. */
    public Field batchFirst() {
        return numbers(new Numbers(
                numbers.useVocabulary, numbers.dtype, true, numbers.includeLengths, numbers.postprocessing));
    }

    /** A copy that tells the lengths before padding. */
    public Field includeLengths() {
        return numbers(
                new Numbers(numbers.useVocabulary, numbers.dtype, numbers.batchFirst, true, numbers.postprocessing));
    }

    /** A copy whose numbers are changed before they become a tensor; not for floats. A model file cannot hold it. */
    public Field postprocessing(UnaryOperator<long[][]> change) {
        return numbers(
                new Numbers(numbers.useVocabulary, numbers.dtype, numbers.batchFirst, numbers.includeLengths, change));
    }

    // ---- vocabulary

    /** A copy that knows these tokens. */
    public Field vocabulary(Vocabulary known) {
        return new Field(reading, padding, marks, numbers, Optional.of(known));
    }

    /** A copy that knows all tokens of some values, as {@link #preprocess} gave them. */
    public Field buildVocabulary(Iterable<List<String>> values) {
        return buildVocabulary(values, Integer.MAX_VALUE, 1);
    }

    /**
     * A copy that knows the most frequent tokens of some values, sorted by frequency and then by the alphabet, after the special
     * tokens: unknown, padding, beginning, end, and {@code specials}.
     *
     * @param maxSize the most tokens, the special ones not counted
     * @param minFrequency the least frequency of a token
     */
    public Field buildVocabulary(Iterable<List<String>> values, int maxSize, long minFrequency, String... specials) {
        var counter = Vocabulary.counter();
        values.forEach(counter::add);
        return vocabulary(counter.build(maxSize, minFrequency, specials(specials)));
    }

    /** The special tokens in torchtext's order, each once. */
    List<String> specials(String... more) {
        var own = Stream.of(marks.unknown, marks.pad, marks.init, marks.eos).flatMap(Optional::stream);
        return Stream.concat(own, Arrays.stream(more)).distinct().toList();
    }

    /** The vocabulary. @throws IllegalStateException when it is not built */
    Vocabulary known() {
        return vocabulary.orElseThrow(() -> new IllegalStateException(
                "the field has no vocabulary yet. Maybe call buildVocabulary with the training texts first."));
    }

    /** Whether this can be stored: as data, without code. */
    boolean isPlain() {
        return reading.preprocessing == AS_READ && numbers.postprocessing == AS_COUNTED;
    }

    // ---- texts to numbers

    /** The tokens of a text. */
    public List<String> preprocess(String text) {
        String trimmed = reading.sequential ? withoutLineEnd(text) : text;
        String cased = reading.lower ? trimmed.toLowerCase(Locale.ROOT) : trimmed;
        List<String> tokens = reading.sequential ? reading.tokenizer.tokens(cased) : List.of(cased);
        if (reading.sequential && numbers.useVocabulary && !reading.stopWords.isEmpty()) {
            tokens = tokens.stream()
                    .filter(token -> !reading.stopWords.contains(token))
                    .toList();
        }
        return reading.preprocessing.apply(tokens);
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        return text.substring(0, end);
    }

    /** Values of one length, with the marks at beginning and end; those that are not sequential as they are. */
    public Padded pad(List<List<String>> values) {
        if (!reading.sequential) {
            return new Padded(values, values.stream().mapToInt(List::size).toArray());
        }
        int marked =
                (int) Stream.of(marks.init, marks.eos).flatMap(Optional::stream).count();
        int most = padding.fixLength
                .map(length -> length - marked)
                .orElseGet(() -> values.stream().mapToInt(List::size).max().orElse(0));
        List<List<String>> all = new ArrayList<>();
        int[] lengths = new int[values.size()];
        for (var tokens : values) {
            int kept = Math.min(most, tokens.size());
            lengths[all.size()] = kept + marked;
            all.add(padded(tokens, kept, most - kept));
        }
        return new Padded(all, lengths);
    }

    private List<String> padded(List<String> tokens, int kept, int missing) {
        List<String> row = new ArrayList<>();
        var filling = Collections.nCopies(missing, marks.pad.orElse(""));
        if (padding.first) {
            row.addAll(filling);
        }
        marks.init.ifPresent(row::add);
        int from = padding.truncateFirst ? tokens.size() - kept : 0;
        row.addAll(tokens.subList(from, from + kept));
        marks.eos.ifPresent(row::add);
        if (!padding.first) {
            row.addAll(filling);
        }
        return row;
    }

    /**
     * The values as a tensor.
     *
     * @throws DataException when a token has no number
     * @throws IllegalStateException when a vocabulary is needed and not built
     */
    public Processed process(List<List<String>> values) {
        var padded = pad(values);
        int steps = padded.tokens.isEmpty() ? 0 : padded.tokens.get(0).size();
        var flat = tensor(padded.tokens);
        Tensor x = reading.sequential ? flat.reshape(values.size(), steps) : flat; // [N, T] or [N]
        if (reading.sequential && !numbers.batchFirst) {
            x = x.t().contiguous(); // [T, N]
        }
        return new Processed(
                x,
                numbers.includeLengths
                        ? Optional.of(Tensor.of(padded.lengths, values.size()).to(DType.INT64))
                        : Optional.empty());
    }

    private Tensor tensor(List<List<String>> rows) {
        if (!numbers.useVocabulary && numbers.dtype.isFloatingPoint()) {
            double[] all = rows.stream()
                    .flatMap(List::stream)
                    .mapToDouble(this::number)
                    .toArray();
            return Tensor.of(all, all.length).to(numbers.dtype);
        }
        long[][] indices = rows.stream().map(this::indices).toArray(long[][]::new);
        long[] all = Arrays.stream(numbers.postprocessing.apply(indices))
                .flatMapToLong(Arrays::stream)
                .toArray();
        return Tensor.of(all, all.length).to(numbers.dtype);
    }

    /** The numbers of the tokens of one value. */
    long[] indices(List<String> tokens) {
        return tokens.stream()
                .mapToLong(numbers.useVocabulary ? this::index : token -> (long) number(token))
                .toArray();
    }

    private long index(String token) {
        var known = known();
        if (marks.unknown.isEmpty() && !known.contains(token)) {
            throw new DataException("the vocabulary does not know " + token
                    + ", and there is no token for unknown ones. Maybe it was built of other rows.");
        }
        return known.stoi(token);
    }

    private double number(String token) {
        try {
            return Double.parseDouble(token);
        } catch (NumberFormatException wrong) {
            throw new DataException(
                    "the field has no vocabulary, so its tokens must be numbers, but one is " + token
                            + ". Maybe leave out noVocabulary(), or choose another padToken.",
                    wrong);
        }
    }
}
