package espalier.optim;

/**
 * A value that changes while training goes on, such as a learning rate: a function of the progress of the fit.
 * The catalogue is {@link Schedules}.
 */
@FunctionalInterface
public interface Schedule {
    /**
     * The value after the given part of the fit.
     *
     * @param progress 0 at the first batch, near 1 at the last: batches done / batches in all
     */
    double at(double progress);

    /** This schedule with every value multiplied by {@code factor}. */
    default Schedule times(double factor) {
        return progress -> factor * at(progress);
    }
}
