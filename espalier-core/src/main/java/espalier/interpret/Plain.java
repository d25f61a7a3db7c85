package espalier.interpret;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A map of plain values being filled for JSON, which has no word for NaN and infinity: such entries are left out. */
final class Plain {
    private final Map<String, Object> map = new LinkedHashMap<>();

    Plain put(String key, Object value) {
        map.put(key, value);
        return this;
    }

    Plain put(String key, double value) {
        if (Double.isFinite(value)) {
            map.put(key, value);
        }
        return this;
    }

    Plain put(String key, long value) {
        map.put(key, value);
        return this;
    }

    Plain put(String key, double[] values) {
        var list = new ArrayList<Double>(values.length);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return this;
            }
            list.add(value);
        }
        map.put(key, List.copyOf(list));
        return this;
    }

    Map<String, Object> map() {
        return map;
    }
}
