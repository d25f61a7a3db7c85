package espalier.clean;

import espalier.data.Item;
import espalier.data.Items;
import espalier.data.Splits;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.model.ModelDocument;
import espalier.model.RunOptions;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A data set of folders. A picture's label is the name of its folder. Where a folder on its way is called train,
 * valid or test (or as people also write them), that is its split, and pictures can be moved to another; without such
 * folders the split is the one that training draws, and there is nothing to move between.
 *
 * @param root the folder that holds everything
 * @param chance how training draws the validation pictures where no folders say so
 */
public record FolderSet(Path root, Splits chance) implements LabelledSet {
    private static final Set<String> NAMES =
            Set.of("train", "training", "valid", "val", "validation", "dev", "test", "testing");

    private static final Pattern LABEL =
            Pattern.compile("[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N} ._+&()'-]{0,78}[\\p{L}\\p{M}\\p{N}_+)])?");

    /** The data set in {@code root}; a fifth of it for validation, drawn by the seed 42, where no folders say so. */
    public static FolderSet of(Path root) {
        return drawn(root, RunOptions.NONE);
    }

    /** The data set as a model was trained on it, by the share and the seed in its file. */
    public static FolderSet like(ModelDocument made, Path root) {
        return drawn(root, RunOptions.of(made));
    }

    private static FolderSet drawn(Path root, RunOptions options) {
        double share = options.validShare().orElse(0.2);
        return new FolderSet(root, Splits.random(share).seed(options.seed().orElse(42L)));
    }

    /** The same, with another way to draw the validation pictures. */
    public FolderSet chance(Splits splits) {
        return new FolderSet(root, splits);
    }

    @Override
    public Found find() throws IOException {
        var found = Items.imageFiles().find(root);
        var rejected = new ArrayList<Rejected>(found.rejected());
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        for (Item item : found.items()) {
            String label = label(item.id());
            if (label.isEmpty()) {
                rejected.add(new Rejected(item.id(), "lies in no folder that names its class"));
            } else {
                items.add(item);
                labels.add(List.of(label));
            }
        }
        boolean bySplit = items.stream().anyMatch(item -> depth(item.id()) >= 0);
        var drawn = bySplit || items.isEmpty() ? List.<Splits.Part>of() : drawn(items, labels);
        var pictures = new ArrayList<Labelled>();
        for (int i = 0; i < items.size(); i++) {
            String id = items.get(i).id();
            String split = bySplit ? split(id) : drawn.get(i).name().toLowerCase(Locale.ROOT);
            pictures.add(new Labelled(id, -1, labels.get(i), split));
        }
        return new Found(List.copyOf(pictures), List.copyOf(rejected));
    }

    /** By the paths at which pictures were before they were cleaned, as training draws them. */
    private List<Splits.Part> drawn(List<Item> items, List<List<String>> labels) throws IOException {
        Map<String, String> origins = Journal.of(root).origins();
        var first = items.stream()
                .map(item -> new Item(origins.getOrDefault(item.id(), item.id()), item.path()))
                .toList();
        return chance.split(first, labels);
    }

    @Override
    public List<String> splits() throws IOException {
        var splits = new TreeSet<String>();
        for (Item item : Items.imageFiles().find(root).items()) {
            splits.add(split(item.id()));
        }
        splits.remove("");
        return splits.size() > 1 ? List.copyOf(splits) : List.of();
    }

    /** Names that are folders on every system, are found again by a scan, and are no split. */
    @Override
    public boolean canName(String label) {
        return LABEL.matcher(label).matches() && !NAMES.contains(label.toLowerCase(Locale.ROOT));
    }

    @Override
    public Optional<String> target(Labelled picture, Choice choice) {
        String[] names = picture.file().split("/");
        switch (choice.action()) {
            case DELETE -> {
                return Optional.empty();
            }
            case RELABEL -> names[names.length - 2] = choice.values().get(0);
            case MOVE ->
                names[Math.max(0, depth(picture.file()))] = choice.values().get(0);
            default -> {}
        }
        return Optional.of(String.join("/", names));
    }

    @Override
    public Change carryOut(Labelled picture, Choice choice, Journal journal) throws IOException {
        var target = target(picture, choice);
        return target.isEmpty()
                ? journal.trash(picture.file(), "")
                : journal.move(choice.action().name().toLowerCase(Locale.ROOT), picture.file(), target.get());
    }

    @Override
    public void settle(Journal journal) {
        // the folders themselves say everything
    }

    /** The name of the folder that holds the file; empty when that is the data set itself or a split. */
    static String label(String file) {
        String[] names = file.split("/");
        return names.length < 2 || depth(file) == names.length - 2 ? "" : names[names.length - 2];
    }

    /** The folder on the way that names a split; empty when none does. */
    static String split(String file) {
        int depth = depth(file);
        return depth < 0 ? "" : file.split("/")[depth];
    }

    private static int depth(String file) {
        String[] names = file.split("/");
        for (int i = 0; i < names.length - 1; i++) {
            if (NAMES.contains(names[i].toLowerCase(Locale.ROOT))) {
                return i;
            }
        }
        return -1;
    }
}
