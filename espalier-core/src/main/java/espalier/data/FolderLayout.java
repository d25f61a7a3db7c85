package espalier.data;

import espalier.data.Splits.Part;
import espalier.item.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which folders of a data set are parts and which are classes: {@code train/cat/1.jpg}, {@code cat/1.jpg} or
 * {@code cat/train/1.jpg}. A folder called like a part that holds items itself is a class, where other folders without such a
 * name hold items too and none of the parts' has folders: {@code car}, {@code bus} and {@code train}.
 */
public final class FolderLayout {
    private final boolean classAbove;
    private final boolean namesAreClasses;
    private final TreeSet<String> alsoClasses = new TreeSet<>();

    private FolderLayout(Collection<String> ids) {
        boolean above = false;
        boolean below = true;
        boolean others = false;
        for (String id : ids) {
            String[] names = id.split("/");
            int depth = firstPart(names);
            above |= depth >= 0 && depth < names.length - 2;
            others |= names.length > 1 && depth < 0;
            below &= names.length > 2 && depth == names.length - 2;
            if (depth >= 0 && depth == names.length - 2) {
                alsoClasses.add(names[depth]);
            }
        }
        this.classAbove = below && !ids.isEmpty();
        this.namesAreClasses = !above && others && !classAbove;
    }

    /** The layout of the data set with these ids of items. */
    public static FolderLayout of(Collection<String> ids) {
        return new FolderLayout(ids);
    }

    /** The folder on the item's way that names its part; empty when none does. */
    public String partName(String id) {
        String[] names = id.split("/");
        int depth = depth(names);
        return depth < 0 ? "" : names[depth];
    }

    /** The part of an item; empty when no folder names one. */
    public Optional<Part> part(String id) {
        return Part.named(partName(id));
    }

    /** The position on the item's way of the folder that names its part; -1 when none does. */
    public int partDepth(String id) {
        return depth(id.split("/"));
    }

    /** The folder that names the item's class; empty when none does. */
    public String label(String id) {
        String[] names = id.split("/");
        int parent = names.length - 2;
        if (parent < 0 || depth(names) != parent) {
            return parent < 0 ? "" : names[parent];
        }
        return classAbove ? names[parent - 1] : "";
    }

    /** An item with its part. */
    Source.Example example(Item item, List<String> labels) {
        return new Source.Example(item, labels, part(item.id()), partName(item.id()), -1);
    }

    /** What the user may want to know. */
    public List<String> notes() {
        var notes = new ArrayList<String>();
        if (namesAreClasses && !alsoClasses.isEmpty()) {
            notes.add("taken for classes, as other folders beside them are classes too: "
                    + String.join(", ", alsoClasses));
        }
        return notes;
    }

    private int depth(String[] names) {
        return namesAreClasses ? -1 : firstPart(names);
    }

    private static int firstPart(String[] names) {
        for (int i = 0; i < names.length - 1; i++) {
            if (Part.named(names[i]).isPresent()) {
                return i;
            }
        }
        return -1;
    }
}
