package espalier.optim;

import java.util.List;

/**
 * An optimiser's settings, from which any number of {@link Optimizer}s are made. To add one, write a record that
 * implements this and enter it in {@link Optimizers}.
 */
public interface OptimizerFactory {
    /** The name in the catalogue, such as {@code "adam"}. */
    String name();

    /** The momentum of groups that choose none; 0 for optimisers without momentum, which ignore the groups'. */
    default double momentum() {
        return 0;
    }

    /** The weight decay of groups that choose none. */
    double weightDecay();

    /** Returns the same optimiser for groups that shrink by {@code weightDecay} unless they choose otherwise. */
    default OptimizerFactory decaying(double weightDecay) {
        return new Decaying(this, weightDecay);
    }

    /** A new rule with these settings. */
    UpdateRule rule();

    /** A new optimiser for these groups. @throws IllegalArgumentException when a parameter is in two groups */
    default Optimizer create(List<ParameterGroup> groups) {
        return new RuleOptimizer(this, groups);
    }
}
