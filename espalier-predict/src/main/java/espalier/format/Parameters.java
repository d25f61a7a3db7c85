package espalier.format;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The parameters of a transform by name, in a fixed order: the same transform is written the same in every run, so that
 * the same training gives the same model file.
 */
public final class Parameters {
    private Parameters() {}

    /** Names and values in turn: {@code of("height", 224, "width", 224)}. @throws IllegalArgumentException on a name twice */
    public static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (parameters.put((String) namesAndValues[i], namesAndValues[i + 1]) != null) {
                throw new IllegalArgumentException("the parameter " + namesAndValues[i] + " is given twice.");
            }
        }
        return Collections.unmodifiableMap(parameters);
    }
}
