package espalier.bench;

import espalier.data.DataBlock;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.image.Image;
import espalier.image.Transforms;
import espalier.item.Item;
import espalier.item.Items;
import espalier.vision.Blocks;
import espalier.vision.ImageBlock;
import espalier.vision.augment.Augmentations;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The photos of a split file, which both sides read: paths below a folder in the lists {@code train}, {@code valid} and
 * {@code held_out}.
 */
record Photos(Path root, Set<String> train, Set<String> valid, Set<String> heldOut) {
    static Photos of(Path root, Path split) {
        JsonNode lists = JsonMapper.builder().build().readTree(split.toFile());
        return new Photos(root, paths(lists, "train"), paths(lists, "valid"), paths(lists, "held_out"));
    }

    private static Set<String> paths(JsonNode lists, String name) {
        Set<String> paths = new LinkedHashSet<>();
        lists.get(name).forEach(path -> paths.add(path.asString()));
        return paths;
    }

    /** As the tutorial: random crops of 224, standard augmentation at twice its strength, batches of 32. */
    Loaders<Image> loaders(long seed) {
        return block(seed, Blocks.image()).loaders(root);
    }

    /** The data block, with photos read in a way of one's own. */
    DataBlock<Image> block(long seed, ImageBlock images) {
        Items listed = folder -> {
            var found = Items.imageFiles().find(folder);
            return new Items.Found(found.items().stream().filter(this::used).toList(), found.rejected());
        };
        return DataBlock.of(images, Blocks.category())
                .items(listed)
                .split(Splits.byFunction(item -> valid.contains(item.id())))
                .itemTransform(Transforms.randomResizedCrop(224))
                .batchTransform(Augmentations.standard().mult(2))
                .batchSize(32)
                .seed(seed);
    }

    private boolean used(Item item) {
        return train.contains(item.id()) || valid.contains(item.id());
    }

    List<Path> heldOutFiles() {
        return heldOut.stream().map(root::resolve).toList();
    }

    static String label(Path file) {
        return file.getName(file.getNameCount() - 2).toString();
    }

    /** The value behind {@code --name}. */
    static String option(String[] args, String name, String otherwise) {
        var list = List.of(args);
        int at = list.indexOf("--" + name);
        return at < 0 ? otherwise : list.get(at + 1);
    }

    static boolean has(String[] args, String name) {
        return Stream.of(args).anyMatch(("--" + name)::equals);
    }
}
