package espalier.train.callback;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.optim.Rates;
import espalier.train.Callback;
import espalier.train.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SaveBestTest extends CallbackContract {
    @Override
    List<Callback> callbacks() {
        return List.of(
                SaveBest.of(Monitor.higher("train_loss"))); // the first epoch's, which a resumption must remember
    }

    @Test
    void weights_areThoseOfTheBestEpoch() {
        List<Map<String, List<Float>>> epochs = new ArrayList<>();
        try (var learner = learnerWith().callback(new Callback() {
            @Override
            public void afterEpoch(Fit fit) {
                epochs.add(weights(fit.learner()));
            }
        })) {
            learner.fit(EPOCHS, Rates.of(0.05));
            var losses = learner.history().epochs();
            int best = 0;
            for (int i = 1; i < EPOCHS; i++) {
                best = losses.get(i).trainLoss() > losses.get(best).trainLoss() ? i : best;
            }
            assertThat(weights(learner)).isEqualTo(epochs.get(best));
        }
    }
}
