package espalier.vision.augment;

import espalier.rng.Rng;
import java.util.ArrayList;
import java.util.List;

/** Generators for the items of a batch. */
final class Draws {
    private Draws() {}

    static List<Rng> rngs(long seed, int count) {
        var rngs = new ArrayList<Rng>();
        for (int i = 0; i < count; i++) {
            rngs.add(Rng.of(seed).derive(0, i));
        }
        return rngs;
    }
}
