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
import java.util.stream.Stream;

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
        var found = spec.items().find(root);
        rejected.addAll(found.rejected());
        if (found.items().isEmpty()) {
            throw new DataException("there are no " + spec.input().name() + "s in " + root + rejectedNote()
                    + ". Maybe the path is wrong, or the files have other endings.");
        }
        List<Item> items = new ArrayList<>();
        List<List<String>> labels = new ArrayList<>();
        label(readable(found.items()), items, labels);
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
    private void label(List<Item> all, List<Item> items, List<List<String>> labels) {
        Optional<DataException> first = Optional.empty();
        for (Item item : all) {
            try {
                var own = spec.label().of(item);
                if (spec.target().kind() == TargetBlock.Kind.CATEGORY
                        && own.stream().allMatch(String::isBlank)) {
                    throw new DataException("has no label");
                }
                labels.add(own);
                items.add(item);
            } catch (DataException unlabelled) {
                first = first.isPresent() ? first : Optional.of(unlabelled);
                rejected.add(new Rejected(item.id(), String.valueOf(unlabelled.getMessage())));
            }
        }
        if (first.isPresent() && items.size() < all.size() - items.size()) {
            throw first.get();
        }
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

    /** Names of several words have more words than there are names; combinations of a few tags have fewer. */
    private static boolean lookLikeTags(List<String> classes) {
        long words = classes.stream()
                .flatMap(label -> Stream.of(label.split(" ")))
                .distinct()
                .count();
        return words < classes.size();
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
        if (target.kind() == TargetBlock.Kind.CATEGORY && lookLikeTags(target.classes())) {
            warnings.add("the " + target.classes().size() + " classes look like several tags in one text, such as \""
                    + target.classes().stream()
                            .filter(label -> label.contains(" "))
                            .findFirst()
                            .orElse("")
                    + "\": each combination is a class of its own. Maybe a model of tags was meant:"
                    + " --tags on the command line, Blocks.multiCategory() with Labels.separated in Java");
        }
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
