package espalier.train.callback;

import espalier.train.Callback;
import java.util.List;

/** The contract of the mean over epochs; {@link WeightAverageTest} has the rest. */
class StochasticAverageTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(WeightAverage.stochastic(0.3));
    }
}
