/**
 * The providers of {@link espalier.collect.ImageSearch}, one class each. What they have in common
 * (paging, limits, caching) belongs to {@code espalier.collect}. Read {@link
 * espalier.collect.search.PexelsSearch} first: it is the simplest.
 */
@NullMarked
package espalier.collect.search;

import org.jspecify.annotations.NullMarked;
