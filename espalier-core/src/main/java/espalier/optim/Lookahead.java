package espalier.optim;

import java.util.ArrayList;
import java.util.List;

/**
 * Lookahead: another optimiser goes {@code k} steps ahead, then slow weights follow it by a share of the way, and it
 * goes on from there. Around RAdam this is Ranger.
 *
 * @param inner the optimiser that goes ahead
 * @param k how many steps it goes
 * @param alpha which share of the way the slow weights follow
 * @paper Zhang, Lucas, Hinton and Ba 2019, "Lookahead Optimizer: k steps forward, 1 step back",
 *     <a href="https://arxiv.org/abs/1907.08610">arXiv:1907.08610</a>
 */
public record Lookahead(OptimizerFactory inner, int k, double alpha) implements OptimizerFactory {
    /** Checks the numbers. */
    public Lookahead {
        if (k < 1 || !(alpha > 0 && alpha <= 1)) {
            throw new IllegalArgumentException(
                    "lookahead: expected k of 1 or more and alpha in (0, 1], received " + k + " and " + alpha + ".");
        }
    }

    /** The defaults of the paper and of fastai: 6 steps, half of the way. */
    public static Lookahead of(OptimizerFactory inner) {
        return new Lookahead(inner, 6, 0.5);
    }

    /** fastai's {@code ranger}: around RAdam with momentum 0.95, eps 1e-6 and weight decay 0.01. */
    public static Lookahead ranger() {
        return of(RAdam.standard().momentum(0.95).eps(1e-6).weightDecay(0.01));
    }

    /** The same with another {@link #k}. */
    public Lookahead k(int k) {
        return new Lookahead(inner, k, alpha);
    }

    /** The same with another {@link #alpha}. */
    public Lookahead alpha(double alpha) {
        return new Lookahead(inner, k, alpha);
    }

    /** {@code "ranger"} around RAdam, else {@code "lookahead-"} and the inner name. */
    @Override
    public String name() {
        return inner instanceof RAdam ? "ranger" : "lookahead-" + inner.name();
    }

    @Override
    public double momentum() {
        return inner.momentum();
    }

    @Override
    public double weightDecay() {
        return inner.weightDecay();
    }

    @Override
    public UpdateRule rule() {
        return new Rule(inner.rule(), k, alpha);
    }

    private record Rule(UpdateRule inner, int k, double alpha) implements UpdateRule {
        private static final String SLOW = "slow";

        @Override
        public List<String> stateNames() {
            var names = new ArrayList<>(inner.stateNames());
            names.add(SLOW);
            return names;
        }

        @Override
        public void update(Slot slot, Settings settings) {
            updateAll(List.of(slot), settings);
        }

        @Override
        public void updateAll(List<Slot> slots, Settings settings) {
            if (settings.step() == 1) {
                slots.forEach(slot -> slot.state(SLOW).copy_(slot.parameter()));
            }
            inner.updateAll(slots, settings);
            if (settings.step() % k == 0) {
                slots.forEach(slot -> slot.parameter().copy_(slot.state(SLOW).lerp_(slot.parameter(), alpha)));
            }
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
