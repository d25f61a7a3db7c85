package espalier.rng;

/**
 * A generator of pseudo-random numbers that depends on nothing but its own 64-bit state: no global
 * seed, no thread, no platform. The same seed gives the same numbers everywhere.
 *
 * <p>Not thread-safe: give each thread or item its own by {@link #derive}, which is a pure function of
 * the state and the keys. An item's randomness is {@code Rng.of(seed).derive(epoch, index)}, so one
 * loader thread and eight give the same batches.
 *
 * @paper Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators" (SplitMix64)
 */
public final class Rng {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private Rng(long state) {
        this.state = state;
    }

    /** A generator that starts from {@code seed}; any number is a good seed. */
    public static Rng of(long seed) {
        return new Rng(mix(seed));
    }

    /** A generator that goes on from {@link #state()} of another. */
    public static Rng fromState(long state) {
        return new Rng(state);
    }

    /** A new generator that depends on this one's present state and on all {@code keys}; this one does not move. */
    public Rng derive(long... keys) {
        long derived = state;
        for (long key : keys) {
            derived = mix(derived ^ mix(key + GAMMA));
        }
        return new Rng(derived);
    }

    /** The whole state, for checkpoints. */
    public long state() {
        return state;
    }

    /** Uniform over all 64-bit numbers. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /**
     * Uniform in {@code [0, bound)}.
     *
     * @throws IllegalArgumentException when {@code bound} is not positive
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException(
                    "bound must be positive, received " + bound + ". Maybe what is drawn from is empty.");
        }
        return (int) Math.multiplyHigh(nextLong() >>> 1, (long) bound << 1);
    }

    /** Uniform in {@code [0, 1)}, 53 bits. */
    public double uniform() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in {@code [from, to)}; {@code from} where the two are equal. */
    public double uniform(double from, double to) {
        return from + (to - from) * uniform();
    }

    /** True with the given probability, in {@code [0, 1]}. */
    public boolean bernoulli(double probability) {
        return uniform() < probability;
    }

    /** Normal with mean 0 and standard deviation 1 (Box-Muller, one of the pair). */
    public double normal() {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform()));
        return radius * StrictMath.cos(2 * Math.PI * uniform());
    }

    /** A random order of {@code 0 .. n-1} (Fisher-Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
