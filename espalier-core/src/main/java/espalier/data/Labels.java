package espalier.data;

import espalier.item.Item;
import espalier.report.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells the labels of an item: one for a category, any number for tags. */
@FunctionalInterface
public interface Labels {
    /**
     * The labels of {@code item}.
     *
     * @throws DataException when the item has none where one is needed
     */
    List<String> of(Item item);

    /** The given function of the item, one label each. */
    static Labels function(Function<Item, String> function) {
        return item -> List.of(function.apply(item));
    }

    /** The name of the folder that the file is in. */
    static Labels parentFolder() {
        return item -> {
            String[] names = item.id().split("/");
            if (names.length < 2) {
                throw new DataException(item.id() + " has no class: it lies directly in the root, and the class is the"
                        + " name of the folder. Maybe move it into a folder named after its class.");
            }
            return List.of(names[names.length - 2]);
        };
    }

    /**
     * The first group of {@code regex} where it is found in the item's id, as in {@code "([^/]+)_\\d+.jpg$"}.
     *
     * @throws IllegalArgumentException when the expression has no group
     */
    static Labels regex(String regex) {
        var pattern = Pattern.compile(regex);
        if (pattern.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException(
                    "the expression " + regex + " has no group: put the label in parentheses");
        }
        return item -> {
            Matcher matcher = pattern.matcher(item.id());
            if (!matcher.find()) {
                throw new DataException(item.id() + " has no label: " + regex
                        + " is not found in it. Maybe the expression expects another name.");
            }
            return List.of(matcher.group(1));
        };
    }

    /** Several labels in one text, cut at {@code separator}; empty pieces are left out. */
    static Labels separated(Function<Item, String> text, String separator) {
        return item -> Arrays.stream(text.apply(item).split(Pattern.quote(separator)))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .toList();
    }
}
