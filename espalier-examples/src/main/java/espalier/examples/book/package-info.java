/**
 * The chapters of {@code docs/book/} as programs, one class each, and the networks that they build. Run one with
 * {@code espalier example NAME}. Start with {@link espalier.examples.book.Book}.
 */
@NullMarked
package espalier.examples.book;

import org.jspecify.annotations.NullMarked;
