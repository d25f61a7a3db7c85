package espalier;

import espalier.testing.plain.SizeContract;
import java.util.Map;

/** The budget of lines that this module keeps. */
class SizeTest implements SizeContract {
    @Override
    public int files() {
        return 125;
    }

    @Override
    public Map<String, Integer> budgets() {
        return Map.of(
                "espalier/train/Learner.java", 200,
                "espalier/data/DataBlock.java", 200,
                "espalier/tensor/Tensor.java", 600);
    }

    @Override
    public Map<String, String> longFiles() {
        return Map.of(
                "espalier/train/Learner.java", "every choice and verb of training is a short method with its Javadoc",
                "espalier/text/Field.java", "every option of torchtext is a short method with its Javadoc");
    }

    @Override
    public Map<String, String> longMethods() {
        return Map.of("espalier/metric/Metrics.java#all", "the catalogue, a metric in each line");
    }
}
