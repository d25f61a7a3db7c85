package espalier.app;

import espalier.vision.BodyFeatures;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How much of a budget is spent, and what may still begin. What is left when the first picture is looked at is divided: a fifth for
 * validation pictures, up to two thirds for training pictures, the rest for a head.
 */
final class Allowance implements BodyFeatures.Deadline {
    private static final double VALID_SHARE = 0.2;
    private static final double FEATURES_SHARE = 0.65;
    private static final double HEAD_SHARE = 0.9;

    /** Kept back for judging and writing the model, as a share of the budget and in seconds. */
    private static final double RESERVE_SHARE = 0.1;

    private static final double LEAST_RESERVE = 1;
    private static final double MOST_RESERVE = 5;

    private final Budget budget;
    private final LongSupplier nanos;
    private final OptionalInt mirrored;
    private final Consumer<String> teller;
    private boolean told;
    private long from;
    private double spentBefore;
    private double begun;

    /**
     * @param nanos what time it is, as {@link System#nanoTime} has it
     * @param from when the budget began
     * @param mirrored how many training pictures have mirror images that may be left out
     * @param teller is told once what the work will take at least, if that is more than the budget
     */
    Allowance(Budget budget, LongSupplier nanos, long from, OptionalInt mirrored, Consumer<String> teller) {
        this.budget = budget;
        this.nanos = nanos;
        this.from = from;
        this.mirrored = mirrored;
        this.teller = teller;
    }

    /** Now the first picture is looked at. */
    void begin() {
        begun = spent();
    }

    /** Only now the budget begins. */
    void restart() {
        from = nanos.getAsLong();
        spentBefore = 0;
    }

    /** The budget goes on after so many seconds that were spent by an earlier process. */
    void goOnAfter(double seconds) {
        spentBefore = seconds;
    }

    /** Seconds since the budget began in this process. */
    double here() {
        return (nanos.getAsLong() - from) / 1e9;
    }

    /** Seconds that are spent. */
    double spent() {
        return spentBefore + here();
    }

    /** Seconds that are left for training. */
    double left() {
        return left(spent());
    }

    private double left(double spent) {
        return budget.seconds() - spent - reserve();
    }

    private double reserve() {
        return Math.min(MOST_RESERVE, Math.max(LEAST_RESERVE, RESERVE_SHARE * budget.seconds()));
    }

    /** When a share of what was left for work at its beginning will be spent. */
    private double at(double share) {
        return begun + share * Math.max(0, left(begun));
    }

    /** First asked when a batch of pictures has shown how fast this machine is. */
    @Override
    public boolean validPassed() {
        if (!told) {
            told = true;
            measured().ifPresent(teller);
        }
        return spent() > at(VALID_SHARE);
    }

    @Override
    public boolean passed() {
        return spent() > at(FEATURES_SHARE);
    }

    /** Whether the head must be found without further trials. */
    boolean headPassed() {
        return !budget.afterFeatures() && spent() > at(HEAD_SHARE);
    }

    /** Rather more training pictures than fewer ones twice. */
    @Override
    public boolean plainly(long seen) {
        double now = spent();
        return seen > 0
                && mirrored.isPresent()
                && now + 2 * mirrored.getAsInt() * (now - begun) / seen > at(FEATURES_SHARE);
    }

    /** What the first batch of pictures, just looked at, says of a budget that is too short; empty: nothing. */
    Optional<String> measured() {
        double batch = spent() - begun;
        double least = begun + 2 * batch / FEATURES_SHARE + reserve();
        return least <= budget.seconds()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "a budget of %.0f s is too short here, it will take at least about %.0f s: the start took %.1f s and a"
                                + " batch of pictures takes %.1f s. Two batches are looked at",
                        budget.seconds(),
                        Math.ceil(least),
                        begun,
                        batch));
    }
}
