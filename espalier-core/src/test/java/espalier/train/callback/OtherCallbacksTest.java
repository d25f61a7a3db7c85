package espalier.train.callback;

import espalier.train.Callback;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract of callbacks whose own cases are in {@code LearnerTest} and {@code ResumptionTest}, and of all together. */
class OtherCallbacksTest {
    @Nested
    class OfCsvLog extends CallbackContract {
        @Override
        List<Callback> callbacks() {
            return List.of(CsvLog.to(folder.resolve("log.csv")));
        }
    }

    @Nested
    class OfEarlyStopping extends CallbackContract {
        @Override
        List<Callback> callbacks() {
            return List.of(EarlyStopping.of(Monitor.lower("train_loss"), 2));
        }
    }

    @Nested
    class OfNanGuard extends CallbackContract {
        @Override
        List<Callback> callbacks() {
            return List.of(new NanGuard());
        }
    }

    /** Each works on what the others left. */
    @Nested
    class OfAll extends CallbackContract {
        @Override
        List<Callback> callbacks() {
            return List.of(
                    MixUp.standard(),
                    GradientAccumulation.of(3),
                    GradientClip.of(1),
                    GradientClip.byValue(0.5),
                    WeightAverage.exponential(0.9),
                    SaveBest.of(Monitor.validLoss()),
                    EarlyStopping.of(Monitor.validLoss(), 3),
                    new NanGuard(),
                    CsvLog.to(folder.resolve("log.csv")),
                    TensorBoardLog.in(folder.resolve("log")));
        }
    }
}
