package espalier.metric;

import espalier.tensor.Tensor;
import espalier.testing.plain.Golden;
import java.util.function.Supplier;

/** Scores and targets, with the values that other libraries give them. */
record GoldenScores(Golden golden) {
    static GoldenScores load(String name) {
        return new GoldenScores(Golden.load(name));
    }

    Tensor tensor(String name) {
        return golden.dtype(name).equals("int64")
                ? Tensor.of(golden.longs(name), golden.shape(name))
                : Tensor.of(golden.floats(name), golden.shape(name));
    }

    Tensor scores(String data) {
        return tensor(data + (golden.has(data + "/scores") ? "/scores" : "/predicted"));
    }

    Tensor target(String data) {
        return tensor(data + "/target");
    }

    /** A metric's contract, and its value of these scores. */
    abstract static class Contract extends MetricContract {
        private final GoldenScores all;
        private final Supplier<Metric> metric;
        private final String data;
        private final String value;

        Contract(GoldenScores all, Supplier<Metric> metric, String data, String value) {
            this.all = all;
            this.metric = metric;
            this.data = data;
            this.value = value;
        }

        @Override
        Metric metric() {
            return metric.get();
        }

        @Override
        Tensor scores() {
            return all.scores(data);
        }

        @Override
        Tensor target() {
            return all.target(data);
        }

        @Override
        double expected() {
            return all.golden.value("/" + data + "/" + value).asDouble();
        }
    }
}
