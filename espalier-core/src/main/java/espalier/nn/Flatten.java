package espalier.nn;

import espalier.tensor.Tensor;

/** All dimensions but the batch as one. @shape {@code [N, ...]} to {@code [N, product of the others]} */
public final class Flatten extends Module {
    private final int start;
    private final int end;

    private Flatten(int start, int end) {
        this.start = start;
        this.end = end;
    }

    /** From dimension 1 to the last. */
    public static Flatten of() {
        return new Flatten(1, -1);
    }

    /** From dimension {@code start} to {@code end}, both included; negative ones count from the end. */
    public Flatten dims(int start, int end) {
        return new Flatten(start, end);
    }

    @Override
    public Tensor forward(Tensor x) {
        return seen(x.flatten(start, end));
    }
}
