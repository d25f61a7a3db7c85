package espalier.train;

import java.nio.file.Path;

/** Writes a learner's model as a model file; given by what knows the architecture and the transforms. */
@FunctionalInterface
public interface Exporter {
    /** Writes {@code file} as a whole; see {@link Learner#export}. */
    void export(Learner<?> learner, Path file);
}
