package espalier.data;

import espalier.data.Source.Example;
import espalier.data.Source.Found;
import espalier.files.Journal;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files below a folder.
 *
 * @param items finds them
 * @param labels tells their labels; empty: the folders that name classes do
 */
record FileSource(Items items, Optional<Labels> labels) implements Source {
    /** A source like another with other items: of files, whatever it was before. */
    static Source withItems(Source before, Items items) {
        return new FileSource(items, before instanceof FileSource files ? files.labels : Optional.empty());
    }

    /** A source like another with other labels. */
    static Source withLabels(Source before, Labels labels) {
        if (before instanceof FileSource files) {
            return new FileSource(files.items, Optional.of(labels));
        }
        return root -> {
            var found = before.read(root);
            var examples = found.examples().stream()
                    .map(one -> new Example(one.item(), labels.of(one.item()), one.part(), one.partName(), one.row()))
                    .toList();
            return new Found(examples, found.unlabelled(), found.rejected(), found.warnings());
        };
    }

    @Override
    public Found read(Path root) {
        var found = items.find(root);
        var layout = FolderLayout.of(found.items().stream().map(Item::id).toList());
        var origins = origins(root);
        var examples = new ArrayList<Example>();
        var unlabelled = new ArrayList<Rejected>();
        for (Item item : found.items()) {
            String id = item.id();
            try {
                var own = labels.isPresent() ? labels.get().of(item) : List.of(label(layout, id));
                var drawn = item.key(origins.getOrDefault(id, item.key()));
                examples.add(layout.example(drawn, own));
            } catch (DataException none) {
                unlabelled.add(new Rejected(id, none.reason()));
            }
        }
        var notes = new ArrayList<>(layout.notes());
        notes.addAll(folderReadTwice(found.items()));
        return new Found(examples, unlabelled, found.rejected(), notes);
    }

    /** A word about the first folder that is read twice, by a link too. */
    private static List<String> folderReadTwice(List<Item> items) {
        Map<Path, Path> byTarget = new LinkedHashMap<>();
        var folders = new LinkedHashSet<Path>();
        items.forEach(item -> Optional.ofNullable(item.path().getParent()).ifPresent(folders::add));
        for (Path folder : folders) {
            try {
                var before = byTarget.putIfAbsent(folder.toRealPath(), folder);
                if (before != null) {
                    return List.of(folder + " and " + before + " are one folder, by a link: its pictures count twice."
                            + " Maybe remove the link, or they are trained on and judged by");
                }
            } catch (IOException gone) {
                // named where its files are opened
            }
        }
        return List.of();
    }

    private static String label(FolderLayout layout, String id) {
        String label = layout.label(id);
        if (label.isEmpty()) {
            throw new DataException("has no class, as it lies in no folder that names one");
        }
        return label;
    }

    /** By the id of each file that was moved when the data set was cleaned, the id that it had at first. */
    static Map<String, String> origins(Path root) {
        try {
            return Journal.of(root).origins();
        } catch (IOException unreadable) {
            throw new DataException(
                    "the journal of " + root + " cannot be read: " + unreadable.getMessage()
                            + ". Maybe the folder .espalier in it is damaged.",
                    unreadable);
        }
    }
}
