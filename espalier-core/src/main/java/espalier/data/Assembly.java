package espalier.data;

import espalier.data.DataBlock.Spec;
import espalier.data.Source.Example;
import espalier.data.Source.Found;
import espalier.data.Splits.Part;
import espalier.item.Item;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The way from a folder to loaders: find, look at each header, label, split, build the vocabulary, check. */
final class Assembly<X> {
    /** So many unreadable files do not end a run, whatever their share. */
    private static final int TOLERATED = 8;

    /** Above this share of unreadable files a run ends before it begins. */
    private static final double TOLERATED_SHARE = 0.25;

    private final Spec<X> spec;
    private final Path root;
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Assembly(Spec<X> spec, Path root) {
        this.spec = spec;
        this.root = root;
    }

    Loaders<X> loaders(int small) {
        var found = spec.source().read(root);
        rejected.addAll(found.rejected());
        warnings.addAll(found.warnings());
        var all = parts(readable(labelled(found)));
        rejected.addAll(all.leftOut());
        warnings.addAll(all.notes());
        var train = part(all, Part.TRAIN);
        if (train.size() == 0) {
            throw new DataException("no item of " + root + " is for training, of "
                    + all.parts().size() + "." + " Maybe the split by folders finds no folder train.");
        }
        TargetBlock target = spec.target().fit(train.labels());
        target.problem().ifPresent(problem -> {
            throw new DataException(problem + " (" + root + ", " + train.size() + " training items).");
        });
        var valid = known(part(all, Part.VALID), target);
        var test = known(part(all, Part.TEST), target);
        warn(target, valid);
        int batchSize = spec.batchSize().orElse(train.size() < small ? 32 : 64);
        var pipeline = new Loader.Pipeline<>(spec.input(), target, spec.itemTransforms(), spec.batchTransforms());
        var training = new Loader.Options(batchSize, true, spec.seed(), spec.threads());
        var ordered = new Loader.Options(batchSize, false, spec.seed(), spec.threads());
        return new Loaders<>(
                new Loader<>(train, pipeline, training),
                new Loader<>(valid, pipeline, ordered),
                new Loader<>(test, pipeline, ordered),
                rejected,
                warnings);
    }

    /** Parts; a split that looks at labels sees none where they are no classes. */
    private Parts parts(List<Example> examples) {
        if (spec.target().hasClasses()) {
            return Parts.of(examples, spec.split());
        }
        var byItem = examples.stream().collect(Collectors.toMap(Example::item, Function.identity(), (a, b) -> a));
        var bare = examples.stream().map(one -> one.labels(List.of())).toList();
        var all = Parts.of(bare, spec.split());
        var whole = all.examples().stream()
                .map(one -> byItem.getOrDefault(one.item(), one))
                .toList();
        return new Parts(whole, all.parts(), all.leftOut(), all.notes());
    }

    private List<Example> readable(List<Example> items) {
        List<Optional<String>> reasons = items.parallelStream()
                .map(one -> spec.input().reject(one.item()))
                .toList();
        var good = new ArrayList<Example>();
        for (int i = 0; i < items.size(); i++) {
            var one = items.get(i);
            reasons.get(i)
                    .ifPresentOrElse(
                            reason -> rejected.add(new Rejected(one.item().id(), reason)), () -> good.add(one));
        }
        int bad = items.size() - good.size();
        if (!good.isEmpty() && bad > TOLERATED && bad > TOLERATED_SHARE * items.size()) {
            throw new DataException(
                    bad + " of " + items.size() + " " + spec.input().name() + "s in " + root
                            + " cannot be read" + rejectedNote()
                            + ". Maybe the disk or the download is damaged: look at all of them with `espalier verify`, and set"
                            + " them aside with its --quarantine.");
        }
        if (good.isEmpty()) {
            throw new DataException(
                    "none of the " + items.size() + " " + spec.input().name() + "s in " + root + " can be read"
                            + rejectedNote() + ". Maybe they were not downloaded completely.");
        }
        return good;
    }

    /** Items without a label are left out and named, unless most of them have none: then the way to labels is wrong. */
    private List<Example> labelled(Found found) {
        var labelled = new ArrayList<Example>();
        var without = new ArrayList<>(found.unlabelled());
        for (Example one : found.examples()) {
            spec.target()
                    .malformed(one.labels())
                    .ifPresentOrElse(
                            reason -> without.add(new Rejected(one.item().id(), reason)), () -> labelled.add(one));
        }
        rejected.addAll(without);
        if (labelled.size() < without.size()) {
            var first = without.get(0);
            throw new DataException(
                    first.reason().startsWith(first.file())
                            ? first.reason()
                            : first + ". Maybe most items have none, as they lie in no folders named after classes.");
        }
        if (labelled.isEmpty()) {
            String none = rejected.isEmpty() ? "there are no " : "none of " + rejected.size() + " can be used of the ";
            throw new DataException(none + spec.input().name() + "s in " + root + rejectedNote()
                    + ". Maybe the path is wrong, or the files have other endings.");
        }
        return labelled;
    }

    private String rejectedNote() {
        return rejected.isEmpty() ? "" : ", the first: " + rejected.get(0);
    }

    private static Dataset part(Parts all, Part wanted) {
        var chosen = all.of(wanted);
        return new Dataset(
                chosen.stream().map(Example::item).toList(),
                chosen.stream().map(Example::labels).toList());
    }

    /** Without the items whose labels no training item has: they have no number, so they are reported instead. */
    private Dataset known(Dataset part, TargetBlock target) {
        var items = new ArrayList<Item>();
        var labels = new ArrayList<List<String>>();
        for (int i = 0; i < part.size(); i++) {
            var item = part.items().get(i);
            var own = part.labels().get(i);
            target.reject(own).ifPresentOrElse(reason -> rejected.add(new Rejected(item.id(), reason)), () -> {
                items.add(item);
                labels.add(own);
            });
        }
        return new Dataset(items, labels);
    }

    private void warn(TargetBlock target, Dataset valid) {
        var alike = new TreeMap<String, List<String>>();
        for (String label : target.classes()) {
            alike.computeIfAbsent(LookAlikes.folded(label), key -> new ArrayList<>())
                    .add(label);
        }
        alike.values().stream()
                .filter(labels -> labels.size() > 1)
                .forEach(labels -> warnings.add("labels look alike and are different classes: " + labels));
        warnings.addAll(target.warnings(valid.labels()));
        if (valid.size() == 0) {
            warnings.add("there is no validation item: metrics cannot be computed");
        }
    }
}
