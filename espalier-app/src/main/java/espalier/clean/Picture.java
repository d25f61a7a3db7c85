package espalier.clean;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A picture or a text as it was shown. Whoever chooses something for it says so with what they saw: when it is another one by then,
 * the choice is not taken.
 *
 * @param id its name towards strangers, which tells nothing of paths
 * @param version how often something about it changed since the cleaner was opened
 * @param file its path relative to the data set, with {@code /} between
 * @param labels what the data set says it is
 * @param split the split that it belongs to; empty when there are none
 * @param predicted what the model says it is; empty when it cannot be read
 * @param probability of that, 0 to 1; for tags, of the least sure of all decisions
 * @param loss how much the model disagrees with the labels, in nats; NaN when it cannot be read
 * @param similarity to the most similar other picture, when that is one of its copies; else 0
 * @param group the number of its group of copies; 0 when it has none
 * @param choice what is to be done with it
 * @param text what it says; empty for a picture
 * @param error why it cannot be read; empty when it can
 */
public record Picture(
        String id,
        long version,
        String file,
        List<String> labels,
        String split,
        List<String> predicted,
        double probability,
        double loss,
        double similarity,
        int group,
        Choice choice,
        String text,
        Optional<String> error) {

    /** How unsure the model is, 0 to 1. */
    public double uncertainty() {
        return 1 - probability;
    }

    /** The labels as one text. */
    public String label() {
        return String.join(" ", labels);
    }

    /**
     * The picture as maps, lists, numbers and texts, ready for any JSON writer, without what only this cleaner knows it by;
     * what cannot be read has an {@code error} and no figures.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file);
        if (!text.isEmpty()) {
            map.put("text", text);
        }
        map.put("labels", labels);
        map.put("split", split);
        map.put("predicted", predicted);
        error.ifPresentOrElse(reason -> map.put("error", reason), () -> {
            map.put("probability", probability);
            map.put("loss", loss);
        });
        map.put("similarity", similarity);
        map.put("group", group);
        map.put("action", choice.action().name().toLowerCase(Locale.ROOT));
        map.put("values", choice.values());
        return map;
    }
}
