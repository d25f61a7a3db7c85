package espalier.data;

import espalier.data.DataBlock.Spec;
import espalier.data.Splits.Part;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The way from a folder to loaders: find, look at each header, label, split, build the vocabulary, check. */
final class Assembly<X> {
    private final Spec<X> spec;
    private final Path root;
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Assembly(Spec<X> spec, Path root) {
        this.spec = spec;
        this.root = root;
    }

    Loaders<X> loaders(int small) {
        var found = spec.items().find(root);
        rejected.addAll(found.rejected());
        if (found.items().isEmpty()) {
            throw new DataException("there are no " + spec.input().name() + "s in " + root + rejectedNote()
                    + ". Maybe the path is wrong, or the files have other endings.");
        }
        List<Item> items = readable(found.items());
        List<List<String>> labels = items.stream().map(spec.label()::of).toList();
        List<Part> parts = spec.split().split(items, labels);
        var train = part(items, labels, parts, Part.TRAIN);
        if (train.size() == 0) {
            throw new DataException("no item of " + root + " is for training, of " + items.size() + "."
                    + " Maybe the split by folders finds no folder train.");
        }
        TargetBlock target = spec.target().fit(train.labels());
        checkClasses(target, train);
        var valid = known(part(items, labels, parts, Part.VALID), target);
        var test = known(part(items, labels, parts, Part.TEST), target);
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

    private List<Item> readable(List<Item> items) {
        List<Optional<String>> reasons =
                items.parallelStream().map(spec.input()::reject).toList();
        var good = new ArrayList<Item>();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            reasons.get(i)
                    .ifPresentOrElse(reason -> rejected.add(new Rejected(item.id(), reason)), () -> good.add(item));
        }
        if (good.isEmpty()) {
            throw new DataException(
                    "none of the " + items.size() + " " + spec.input().name() + "s in " + root + " can be read"
                            + rejectedNote() + ". Maybe they were not downloaded completely.");
        }
        return good;
    }

    private String rejectedNote() {
        return rejected.isEmpty() ? "" : ", the first: " + rejected.get(0);
    }

    private static Dataset part(List<Item> items, List<List<String>> labels, List<Part> parts, Part wanted) {
        int[] chosen = IntStream.range(0, items.size())
                .filter(i -> parts.get(i) == wanted)
                .toArray();
        return new Dataset(
                IntStream.of(chosen).mapToObj(items::get).toList(),
                IntStream.of(chosen).mapToObj(labels::get).toList());
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

    private void checkClasses(TargetBlock target, Dataset train) {
        if (target.kind() == TargetBlock.Kind.CATEGORY && target.classes().size() < 2) {
            throw new DataException(
                    "there is only one class, " + target.classes() + ", in " + root + " (" + train.size()
                            + " training items). Maybe the root is one class's own folder: name the folder above it.");
        }
    }

    private void warn(TargetBlock target, Dataset valid) {
        var alike = new TreeMap<String, List<String>>();
        for (String label : target.classes()) {
            String plain = Normalizer.normalize(label, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
            alike.computeIfAbsent(plain, key -> new ArrayList<>()).add(label);
        }
        alike.values().stream()
                .filter(labels -> labels.size() > 1)
                .forEach(labels -> warnings.add("labels look alike and are different classes: " + labels));
        if (target.kind() == TargetBlock.Kind.CATEGORY && valid.size() > 0) {
            Map<String, Integer> counts = new TreeMap<>();
            valid.labels().forEach(own -> own.forEach(label -> counts.merge(label, 1, Integer::sum)));
            target.classes().stream()
                    .filter(label -> !counts.containsKey(label))
                    .forEach(label -> warnings.add("class " + label + " has no validation item"));
        }
        if (valid.size() == 0) {
            warnings.add("there is no validation item: metrics cannot be computed");
        }
    }
}
