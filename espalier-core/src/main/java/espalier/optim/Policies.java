package espalier.optim;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The catalogue of policies: how learning rates move over a cycle of training, by name.
 *
 * <pre>{@code
 * learner.fit(10, Rates.of(1e-3), Policies.cosine().warmUp(1));
 * learner.fit(10, Rates.of(1e-3), Policies.parse("step:every=3,factor=0.1"));
 * }</pre>
 */
public final class Policies {
    private record Entry(Policy standard, Function<PolicyNumbers, Policy> reader) {}

    private static final List<Entry> ENTRIES = List.of(
            new Entry(constant(), Falling::read),
            new Entry(cosine(), Falling::read),
            new Entry(exponential(), Falling::read),
            new Entry(flatCosine(), FlatCosine::read),
            new Entry(linear(), Falling::read),
            new Entry(multiStep(), MultiStep::read),
            new Entry(oneCycle(), OneCycle::read),
            new Entry(plateau(), Plateau::read),
            new Entry(polynomial(), Falling::read),
            new Entry(sgdr(), Sgdr::read),
            new Entry(step(), StepDecay::read));

    private Policies() {}

    /** The same rate all the time. */
    public static Falling constant() {
        return Falling.of(Falling.Kind.CONSTANT);
    }

    /** Half a cosine wave down to 0: slow, fast, slow. */
    public static Falling cosine() {
        return Falling.of(Falling.Kind.COSINE);
    }

    /** Down to a hundredth by equal factors. */
    public static Falling exponential() {
        return Falling.of(Falling.Kind.EXPONENTIAL);
    }

    /** The same rate for three quarters, then cosine to nearly 0: fastai's {@code fit_flat_cos}. */
    public static FlatCosine flatCosine() {
        return FlatCosine.standard();
    }

    /** Down to 0 by equal steps. */
    public static Falling linear() {
        return Falling.of(Falling.Kind.LINEAR);
    }

    /** A tenth of the rate after half and after three quarters of the epochs; {@link MultiStep#at} for others. */
    public static MultiStep multiStep() {
        return MultiStep.standard();
    }

    /** The one-cycle policy with fastai's defaults: rate up, then down; momentum down, then up. */
    public static OneCycle oneCycle() {
        return OneCycle.standard();
    }

    /** A tenth of the rate when the validation loss has stopped falling. */
    public static Plateau plateau() {
        return Plateau.standard();
    }

    /** Down to 0, by a square: {@code (1 - progress)²}. */
    public static Falling polynomial() {
        return Falling.of(Falling.Kind.POLYNOMIAL);
    }

    /** Cosines down to 0, each twice as long as the one before: fastai's {@code fit_sgdr}. */
    public static Sgdr sgdr() {
        return Sgdr.standard();
    }

    /** A tenth of the rate after each third of the epochs; {@link StepDecay#every} for others. */
    public static StepDecay step() {
        return StepDecay.standard();
    }

    /** All of them with their defaults, by name in alphabetical order. */
    public static List<Policy> all() {
        return ENTRIES.stream().map(Entry::standard).toList();
    }

    /**
     * The policy of a name, perhaps with numbers that differ from its defaults, such as {@code "cosine"},
     * {@code "multi-step:at=2/4,factor=0.5"} or, for all of them, {@code "cosine:warmup=1"} with epochs of warming up.
     *
     * @throws IllegalArgumentException naming what is known, when the name or a number is not
     */
    public static Policy parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        var numbers = PolicyNumbers.of(name, colon < 0 ? "" : text.substring(colon + 1));
        double warmUp = numbers.number(WarmUp.EPOCHS, 0);
        double start = numbers.number(WarmUp.START, WarmUp.STANDARD_START);
        var policy = numbers.end(entry(name).reader().apply(numbers));
        return warmUp == 0 ? policy : new WarmUp(policy, warmUp, start);
    }

    private static Entry entry(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no schedule \"" + name + "\". There are "
                        + all().stream().map(Policy::name).collect(Collectors.joining(", ")) + "."));
    }

    private static Optional<Entry> find(String name) {
        return ENTRIES.stream()
                .filter(entry -> entry.standard().name().equals(name))
                .findFirst();
    }
}
