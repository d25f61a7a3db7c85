package espalier.web;

import espalier.testing.plain.SizeContract;
import java.util.Map;

/** The budget of lines that this module keeps. */
class SizeTest implements SizeContract {
    @Override
    public int files() {
        return 10;
    }

    @Override
    public Map<String, Integer> budgets() {
        return Map.of("espalier/web/predict/PredictionServer.java", 200);
    }
}
