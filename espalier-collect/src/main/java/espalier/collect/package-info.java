/**
 * From an empty folder to verified data: searching and downloading pictures, Kaggle and sample data
 * sets, archives, and finding what is broken, doubled or leaking.
 *
 * <p>Everything that reaches the network goes through {@link espalier.collect.fetch.Fetcher}, takes its
 * endpoints from configuration, and leaves a row for every address. Nothing is ever deleted.
 */
@NullMarked
package espalier.collect;

import org.jspecify.annotations.NullMarked;
