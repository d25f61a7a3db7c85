/**
 * A small HTTP client for addresses that others chose: it resolves a name once, refuses addresses
 * inside this network, connects to the very address it checked, and bounds bytes and time.
 *
 * <p>Start with {@link espalier.collect.fetch.Fetcher}. What to download and what to keep belongs to
 * {@code espalier.collect}.
 */
@NullMarked
package espalier.collect.fetch;

import org.jspecify.annotations.NullMarked;
