package espalier.train;

/**
 * How far a plan has been carried out.
 *
 * @param cycle the cycle, from 0
 * @param epoch the epoch of the cycle, from 0
 * @param batch how many batches of the epoch are done or left out
 */
public record Position(int cycle, int epoch, int batch) {
    /** The very beginning. */
    public static final Position START = new Position(0, 0, 0);

    /** The same epoch with so many batches done; those that were left out, as their items cannot be read, count too. */
    Position batch(int done) {
        return new Position(cycle, epoch, done);
    }
}
