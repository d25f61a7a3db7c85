package espalier.predict;

import espalier.testing.plain.SizeContract;
import java.util.Map;

/** The budget of lines that this module keeps. */
class SizeTest implements SizeContract {
    @Override
    public int files() {
        return 50;
    }

    @Override
    public Map<String, Integer> budgets() {
        return Map.of("espalier/predict/Predictor.java", 200);
    }
}
