package espalier.data;

import espalier.item.Item;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The files below a folder by every name that a table may call them: the path from the folder, the name alone, either
 * without ending; with {@code ./} before or with backslashes; the whole path; and, with a warning, in other letters: case,
 * composed or decomposed accents, blanks, or as the end of a path of another machine. Only files below the folder are found, so no name leads anywhere else.
 */
final class ItemNames {
    /** What a name may leave out, the most exact first. */
    private static final List<UnaryOperator<String>> FORMS =
            List.of(id -> id, ItemNames::stem, ItemNames::last, id -> stem(last(id)));

    private final Path root;
    private final Path beside;
    private final String suffix;
    private final Map<String, List<Item>> byName = new HashMap<>();
    private final Set<String> loose = new LinkedHashSet<>();
    private final Set<String> moved = new LinkedHashSet<>();

    /**
     * @param root the folder
     * @param beside the folder of the table, from which paths may also start
     * @param suffix what follows names that do not end so; empty: nothing
     */
    ItemNames(Path root, Path beside, List<Item> items, String suffix) {
        this.root = root.toAbsolutePath().normalize();
        this.beside = beside.toAbsolutePath().normalize();
        this.suffix = suffix;
        for (Item item : items) {
            byName.computeIfAbsent(folded(stem(last(item.id()))), key -> new ArrayList<>(1))
                    .add(item);
        }
    }

    /**
     * What a name stands for.
     *
     * @param item the file; empty when there is none, or more than one
     * @param several whether there is more than one
     * @param form how much of the file's path the name says: 0 all of it, 3 only the name without ending; -1 when there is none
     */
    record Match(Optional<Item> item, boolean several, int form) {}

    /** Finds a file. */
    Match find(String said) {
        String name = said.isEmpty() || said.endsWith(suffix) ? said : said + suffix;
        for (boolean exact : new boolean[] {true, false}) {
            for (String path : paths(name, exact)) {
                var match = find(path, exact);
                if (match.item().isPresent() && !exact) {
                    loose.add("'" + name + "' for " + match.item().get().id());
                }
                if (match.form() >= 0) {
                    return match;
                }
            }
        }
        return byEnd(name);
    }

    /** By the end of a path of another machine, where that is the whole path of a file from the root. */
    private Match byEnd(String name) {
        String path = name.replace('\\', '/');
        boolean elsewhere = path.contains("://") || ("/" + path + "/").contains("/../") || exists(name) || exists(path);
        for (int slash = path.indexOf('/'); slash >= 0 && !elsewhere; slash = path.indexOf('/', slash + 1)) {
            var match = find(path.substring(slash + 1), true);
            if (match.item().isPresent() && match.form() <= 1) {
                moved.add("'" + name + "' for " + match.item().get().id());
                return new Match(match.item(), false, FORMS.size() - 1);
            }
        }
        return new Match(Optional.empty(), false, -1);
    }

    /** Whether a path means a file from here, be it one of ours or not. */
    private boolean exists(String path) {
        try {
            return Files.exists(root.resolve(path)) || Files.exists(beside.resolve(path));
        } catch (InvalidPathException impossible) {
            return false;
        }
    }

    private Match find(String path, boolean exact) {
        UnaryOperator<String> letters = exact ? id -> id : ItemNames::folded;
        String wanted = letters.apply(path);
        var candidates = new LinkedHashSet<Item>();
        for (String key : List.of(last(path), stem(last(path)))) {
            candidates.addAll(byName.getOrDefault(folded(key), List.of()));
        }
        for (int form = 0; form < FORMS.size(); form++) {
            var shape = FORMS.get(form);
            var found = candidates.stream()
                    .filter(item -> letters.apply(shape.apply(item.id())).equals(wanted))
                    .limit(2)
                    .toList();
            if (!found.isEmpty()) {
                boolean several = found.size() > 1;
                return new Match(several ? Optional.empty() : Optional.of(found.get(0)), several, form);
            }
        }
        return new Match(Optional.empty(), false, -1);
    }

    /** What a name may mean as a path from the root, the most literal first. */
    private Set<String> paths(String name, boolean exact) {
        var paths = new LinkedHashSet<String>();
        paths.add(name);
        if (name.isEmpty()) {
            return paths;
        }
        for (String text : name.indexOf('\\') < 0 ? List.of(name) : List.of(name, name.replace('\\', '/'))) {
            below(root, text).ifPresent(paths::add);
            below(beside, text).ifPresent(paths::add);
        }
        if (!exact) {
            paths.add(name.replace('\\', '/'));
        }
        return paths;
    }

    /** The path from the root of what {@code text} means from {@code folder}; empty when that is not below the root. */
    private Optional<String> below(Path folder, String text) {
        try {
            Path whole = folder.resolve(text).normalize();
            return whole.startsWith(root) && !whole.equals(root) ? Optional.of(Item.id(root, whole)) : Optional.empty();
        } catch (InvalidPathException impossible) {
            return Optional.empty(); // no file can have that name
        }
    }

    /** Forgets what was looked up until now, as to find out which column names files. */
    void forget() {
        loose.clear();
        moved.clear();
    }

    /** What was found only in other letters, or by the end of a path. */
    List<String> warnings() {
        var warnings = new ArrayList<String>();
        if (!loose.isEmpty()) {
            warnings.add(files(loose) + " spelled differently in the table, by case, accents or blanks, and taken"
                    + " nevertheless, such as " + loose.iterator().next());
        }
        if (!moved.isEmpty()) {
            warnings.add(
                    files(moved) + " in the table with paths that are not here, and found by the ends of these, such"
                            + " as " + moved.iterator().next());
        }
        return warnings;
    }

    private static String files(Set<String> found) {
        return found.size() + (found.size() == 1 ? " file is" : " files are");
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String stem(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }

    /** A name without what is easily written differently. */
    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .strip();
    }
}
