package espalier.text;

import java.util.List;

/** A trained model of texts, linear or neural. Safe to share between threads. */
public sealed interface TextPredictor extends AutoCloseable permits TextClassifier, NeuralTextClassifier {
    /** The classes or tags, in the order of the probabilities. */
    List<String> classes();

    /** The probabilities of texts, a row for each. */
    float[][] probabilities(List<String> texts);

    /**
     * The {@code most} pieces of a text that move the answer for a class farthest, in either direction, the farthest first:
     * n-grams of a linear model by their weights; tokens of a network by how much the probability falls without them.
     */
    List<Telling> explain(String text, int label, int most);

    /**
     * The {@code most} pieces that speak for a class most, the most telling first: n-grams of a linear model by their
     * weights alone, tokens of a network by {@linkplain IntegratedGradients integrated gradients} over some of the texts. Nobody else
     * may use a network meanwhile.
     *
     * @param texts such as the model is used for
     */
    List<Telling> telling(List<String> texts, int label, int most);

    /** What computes it, with its version. */
    String engine();

    /** Frees the model. */
    @Override
    void close();

    /**
     * What a piece of a text does.
     *
     * @param ngram the piece; one of characters has a blank where a word begins or ends
     * @param weight how far it moves the score, or the probability, towards the class; below 0 away from it
     */
    record Telling(String ngram, double weight) {}
}
