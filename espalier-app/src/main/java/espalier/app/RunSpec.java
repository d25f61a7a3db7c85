package espalier.app;

import espalier.train.Callback;

/**
 * The description of a job: a record of plain values, with all options and their defaults.
 *
 * @param <R> what the job gives
 */
public interface RunSpec<R> {
    /** The name of the job, as the command line says it: {@code "train image"}. */
    String task();

    /** Does the job, with callbacks that watch or steer the training. */
    R run(Callback... callbacks);
}
