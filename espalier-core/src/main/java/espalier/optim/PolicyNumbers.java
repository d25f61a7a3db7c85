package espalier.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of a policy as the user wrote them: each may be asked for once, and none may be left over. */
final class PolicyNumbers {
    private final String name;
    private final Map<String, double[]> given;
    private final List<String> known = new ArrayList<>();

    private PolicyNumbers(String name, Map<String, double[]> given) {
        this.name = name;
        this.given = given;
    }

    /** Reads {@code "every=3,at=2/4"}. */
    static PolicyNumbers of(String name, String text) {
        Map<String, double[]> given = new LinkedHashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw malformed(name, part);
            }
            try {
                String[] values = part.substring(equals + 1).split("/", -1);
                double[] numbers = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                    numbers[i] = Double.parseDouble(values[i]);
                }
                given.put(part.substring(0, equals).strip(), numbers);
            } catch (NumberFormatException noNumber) {
                throw malformed(name, part);
            }
        }
        return new PolicyNumbers(name, given);
    }

    private static IllegalArgumentException malformed(String name, String part) {
        return new IllegalArgumentException("the schedule " + name + ": \"" + part
                + "\" is no number with a name. Maybe write it like step:every=3,factor=0.1 or multi-step:at=2/4.");
    }

    /** Numbers by name, in order: {@code map("every", 3, "factor", 0.1)}. */
    static Map<String, double[]> map(Object... keysAndNumbers) {
        Map<String, double[]> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndNumbers.length; i += 2) {
            double number = ((Number) keysAndNumbers[i + 1]).doubleValue();
            map.put((String) keysAndNumbers[i], new double[] {number});
        }
        return map;
    }

    String name() {
        return name;
    }

    double number(String key, double standard) {
        known.add(key);
        return Optional.ofNullable(given.get(key)).map(values -> values[0]).orElse(standard);
    }

    double[] numbers(String key, double... standard) {
        known.add(key);
        return Optional.ofNullable(given.get(key)).orElse(standard);
    }

    /** Gives {@code policy} when every number was asked for. */
    <P> P end(P policy) {
        for (String key : given.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException("the schedule " + name + " has no number \"" + key + "\", it has "
                        + String.join(", ", known) + ".");
            }
        }
        return policy;
    }

    /** A number as short as it can be: {@code 3}, {@code 0.1}. */
    static String shown(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
