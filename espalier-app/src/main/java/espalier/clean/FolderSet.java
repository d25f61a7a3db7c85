package espalier.clean;

import espalier.data.Parts;
import espalier.data.Source;
import espalier.data.Splits;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        double share = options.validShare().orElse(Splits.STANDARD_SHARE);
        return new FolderSet(root, Splits.random(share).seed(options.seed().orElse(Splits.STANDARD_SEED)));
    }

    /** The same, with another way to draw the validation pictures. */
    public FolderSet chance(Splits splits) {
        return new FolderSet(root, splits);
    }

    @Override
    public Found find() {
        var found = Source.folders().read(root);
        var parts = Parts.of(found.examples(), Splits.validFromTraining(chance));
        boolean bySource = found.examples().stream().anyMatch(one -> one.part().isPresent());
        var pictures = new ArrayList<Labelled>();
        for (int i = 0; i < parts.examples().size(); i++) {
            var one = parts.examples().get(i);
            // a folder's name is shown even where training draws validation from it: pictures are moved between folders
            String split = bySource ? one.partName() : parts.name(i);
            pictures.add(new Labelled(one.item().id(), -1, one.labels(), split));
        }
        var rejected = new ArrayList<>(found.leftOut());
        rejected.addAll(parts.leftOut());
        return new Found(pictures, rejected).withoutLinks(root);
    }

    @Override
    public List<String> splits() {
        var splits = new TreeSet<String>();
        Source.folders().read(root).examples().forEach(one -> splits.add(one.partName()));
        splits.remove("");
        return splits.size() > 1 ? List.copyOf(splits) : List.of();
    }

    /** Names that are folders on every system, are found again by a scan, and are no split. */
    @Override
    public boolean canName(String label) {
        return LABEL.matcher(label).matches() && Splits.Part.named(label).isEmpty();
    }

    @Override
    public Optional<String> target(Labelled picture, Choice choice) {
        String[] names = picture.file().split("/");
        switch (choice.action()) {
            case DELETE -> {
                return Optional.empty();
            }
            case RELABEL -> names[names.length - 2] = choice.values().get(0);
            case MOVE -> names[place(names, picture.split())] = choice.values().get(0);
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

    /** The folder on a picture's way that names its split. */
    private static int place(String[] names, String split) {
        return Math.max(0, List.of(names).indexOf(split));
    }
}
