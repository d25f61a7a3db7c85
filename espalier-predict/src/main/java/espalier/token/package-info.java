/**
 * Texts as tokens: tokenizers and vocabularies. Plain Java without tensors, so that
 * a prediction needs no libtorch for it.
 *
 * <p>Start with {@link espalier.token.Tokenizers}. What turns tokens into numbers belongs to {@code espalier.text}.
 */
@NullMarked
package espalier.token;

import org.jspecify.annotations.NullMarked;
