package espalier.files;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One change of a data set, as its {@link Journal} holds it. Paths are relative to the data set, with {@code /}
 * between.
 *
 * @param id its number, from 1
 * @param time when it was made
 * @param action what was done, such as {@code "delete"}, {@code "relabel"}, {@code "move"}
 * @param from where the file was; empty for a file that is new
 * @param to where it is now; equal to {@code from} when only what is said of the file changed
 * @param reason why, for people
 * @param values what else there is to know, by name: of a table, the old and the new cell
 */
public record Change(
        long id, Instant time, String action, String from, String to, String reason, Map<String, String> values) {
    public Change {
        values = Map.copyOf(values);
    }

    /** Whether a file changed its place, rather than only what is said of it. */
    public boolean isMove() {
        return !from.isEmpty() && !from.equals(to);
    }

    /** The change as plain values, ready for JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("time", time.toString());
        map.put("action", action);
        map.put("from", from);
        map.put("to", to);
        map.put("reason", reason);
        map.put("values", values);
        return map;
    }
}
