package espalier.train;

import espalier.data.Loaders;
import java.util.Optional;

/**
 * What part of a model says about each item, computed once while that part rests: loaders of it take the place of the
 * items' own for as long. The model must take both.
 */
public interface Precomputed extends AutoCloseable {
    /**
     * Loaders of the same items in the same batches. Asked at the beginning of each cycle, after its groups were frozen.
     *
     * @return empty when the part does not rest, so that every item must go through the whole model
     */
    Optional<Loaders<?>> loaders(Learner<?> learner);

    /** Frees what was computed. */
    @Override
    void close();
}
