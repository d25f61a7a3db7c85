package espalier.optim;

import java.util.List;

/**
 * An optimiser's settings, from which any number of {@link Optimizer}s are made. To add one, write a record that
 * implements this and enter it in {@link Optimizers}.
 */
public interface OptimizerFactory {
    /** The name in the catalogue, such as {@code "adam"}. */
    String name();

    /** The momentum of groups that choose none. */
    double momentum();

    /** The weight decay of groups that choose none. */
    double weightDecay();

    /** A new rule with these settings. */
    UpdateRule rule();

    /** A new optimiser for these groups. @throws IllegalArgumentException when a parameter is in two groups */
    default Optimizer create(List<ParameterGroup> groups) {
        return new RuleOptimizer(this, groups);
    }
}
