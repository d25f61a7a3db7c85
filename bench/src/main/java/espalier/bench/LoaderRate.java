package espalier.bench;

import espalier.tensor.Scope;
import espalier.vision.Blocks;
import espalier.vision.augment.Normalize;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Augmented training pictures a second without a model: the first epoch, and later ones; see fastai_loader.py. */
public final class LoaderRate {
    private LoaderRate() {}

    /**
     * Options: {@code --data DIR --split FILE --passes 3 [--cache-bytes N] [--threads N]}; 0 bytes: decoded anew in
     * each epoch. fastai reads with as many processes as there are processors, Espalier with one thread less.
     */
    public static void main(String[] args) {
        var photos = Photos.of(
                Path.of(Photos.option(args, "data", ".")), Path.of(Photos.option(args, "split", "split.json")));
        int passes = Integer.parseInt(Photos.option(args, "passes", "3"));
        String cache = Photos.option(args, "cache-bytes", "");
        var images = cache.isEmpty() ? Blocks.image() : Blocks.image().cacheBytes(Long.parseLong(cache));
        String threads = Photos.option(args, "threads", "");
        var block = photos.block(0, images);
        var loader = (threads.isEmpty() ? block : block.threads(Integer.parseInt(threads)))
                .loaders(photos.root())
                .with(Normalize.imagenet())
                .train();
        double first = 0;
        double later = 0;
        for (int epoch = 0; epoch < passes; epoch++) {
            long begin = System.nanoTime();
            int pictures = 0;
            try (var batches = loader.epoch(epoch)) {
                while (batches.hasNext()) {
                    try (var scope = Scope.open()) {
                        pictures += batches.next().size();
                    }
                }
            }
            double rate = pictures / ((System.nanoTime() - begin) / 1e9);
            first = epoch == 0 ? rate : first;
            later = rate;
        }
        System.out.println(JsonMapper.builder()
                .build()
                .writeValueAsString(Map.of("first_images_per_second", first, "images_per_second", later)));
    }
}
