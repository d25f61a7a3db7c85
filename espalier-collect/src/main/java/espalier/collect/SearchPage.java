package espalier.collect;

import java.util.List;

/**
 * One page of results.
 *
 * @param hits the pictures
 * @param next what to ask for the next page; empty when this is the last
 */
public record SearchPage(List<ImageHit> hits, String next) {
    public SearchPage {
        hits = List.copyOf(hits);
    }
}
