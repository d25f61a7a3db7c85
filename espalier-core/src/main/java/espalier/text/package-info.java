/**
 * Texts as features, and classifiers of texts.
 *
 * <p>Start with {@link espalier.text.LinearLearner}, which trains the default: n-grams weighted by TF-IDF and logistic
 * regression, in plain Java; then {@link espalier.text.TextLearner} for networks. Tokenizers and vocabularies belong to
 * {@code espalier.token}.
 *
 * <p>Shape letters: {@code N} texts, {@code T} tokens, {@code D} numbers of a token, {@code F} features, {@code K} classes, {@code O} outputs of a linear model, which are
 * {@code K}, or 1 where there are two classes.
 */
@NullMarked
package espalier.text;

import org.jspecify.annotations.NullMarked;
