package espalier.examples;

import espalier.nn.BatchNorm2d;
import espalier.nn.Conv2d;
import espalier.nn.Linear;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.vision.model.Architecture;
import espalier.vision.model.Backbone;
import java.util.List;

/** The recipe {@code docs/recipes/add-a-model.md}. */
public final class AddAModel {
    private AddAModel() {}

    // region model
    /** Three strided convolutions with batch norm: enough for small pictures. */
    public static final class TinyNet extends Backbone {
        private TinyNet(int classes) {
            super(64, "classifier");
            child("features", Sequential.of(unit(3, 16), unit(16, 32), unit(32, 64))); // [N, 64, H / 8, W / 8]
            child("classifier", Linear.of(64, classes)); // [N, classes]
            reset(Rng.of(0));
        }

        /** The network for {@code classes} classes. */
        public static TinyNet of(int classes) {
            return new TinyNet(classes);
        }

        private static Sequential unit(int in, int out) {
            return Sequential.of(Conv2d.of(in, out, 3).stride(2).padding(1).noBias(), BatchNorm2d.of(out), ReLU.of());
        }

        @Override
        protected void resetParameters(Rng rng) {
            // The layers draw their own parameters, as PyTorch's do.
        }
    }
    // endregion

    // region architecture
    /** TinyNet: 24 thousand parameters, pictures of 32. */
    public static Architecture tinyNet() {
        return Architecture.of("tinynet", "the recipe of Espalier's documentation", TinyNet::of)
                .inputSize(32);
    }
    // endregion

    // region provider
    /** Makes TinyNet known by its name. */
    public static final class Provider implements Architecture.Provider {
        @Override
        public List<Architecture> architectures() {
            return List.of(tinyNet());
        }
    }
    // endregion
}
