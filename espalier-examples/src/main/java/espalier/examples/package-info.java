/**
 * The tutorials and recipes of {@code docs/} as programs, one class each. What stands between {@code // region NAME}
 * and {@code // endregion} is shown in the documentation; a test compares the two. Start with {@link ImageClassifier}.
 */
@NullMarked
package espalier.examples;

import org.jspecify.annotations.NullMarked;
