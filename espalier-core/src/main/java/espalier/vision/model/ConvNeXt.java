package espalier.vision.model;

import espalier.nn.Conv2d;
import espalier.nn.Flatten;
import espalier.nn.GELU;
import espalier.nn.Init;
import espalier.nn.LayerNorm;
import espalier.nn.LayerNorm2d;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.nn.StochasticDepth;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;

/**
 * ConvNeXt-Tiny with torchvision's parameter names: a convolutional network built like a transformer, with layer norms
 * in place of batch norms, so that small batches do it no harm. Blocks are dropped in training with a probability that
 * rises from 0 to 0.1.
 *
 * @paper Liu, Mao, Wu, Feichtenhofer, Darrell and Xie 2022, "A ConvNet for the 2020s", figure 4
 */
final class ConvNeXt extends Backbone {
    private static final String PAPER = "Liu, Mao, Wu, Feichtenhofer, Darrell and Xie 2022, A ConvNet for the 2020s,"
            + " https://arxiv.org/abs/2201.03545";
    private static final int[] CHANNELS = {96, 192, 384, 768};
    private static final int[] BLOCKS = {3, 3, 9, 3};
    private static final int WIDTH = 768;
    private static final double DROP = 0.1;
    private static final double EPS = 1e-6;
    private static final double LAYER_SCALE = 1e-6;

    private final Sequential classifier;

    private ConvNeXt(int classes) {
        super(WIDTH, "classifier");
        var stages = new ArrayList<Module>();
        stages.add(Sequential.of(Conv2d.of(3, CHANNELS[0], 4).stride(4), norm(CHANNELS[0])));
        int last = -1;
        for (int blocks : BLOCKS) {
            last += blocks;
        }
        int done = 0;
        for (int stage = 0; stage < BLOCKS.length; stage++) {
            var blocks = new ArrayList<Module>();
            for (int i = 0; i < BLOCKS[stage]; i++) {
                blocks.add(new Block(CHANNELS[stage], DROP * done++ / last));
            }
            stages.add(Sequential.of(blocks));
            if (stage < BLOCKS.length - 1) {
                var halving = Conv2d.of(CHANNELS[stage], CHANNELS[stage + 1], 2).stride(2);
                stages.add(Sequential.of(norm(CHANNELS[stage]), halving));
            }
        }
        child("features", Sequential.of(stages));
        classifier = child("classifier", Sequential.of(norm(WIDTH), Flatten.of(), Linear.of(WIDTH, classes)));
    }

    static Architecture architecture() {
        String name = "convnext-tiny";
        return Architecture.of(name, PAPER, ConvNeXt::new)
                .weights(PretrainedWeights.torchvision(name, "imagenet1k-v1", "convnext_tiny-983f1562", 82.52)
                        .sizes(224, 236));
    }

    private static LayerNorm2d norm(int channels) {
        return LayerNorm2d.of(channels).eps(EPS);
    }

    @Override
    public Tensor classify(Tensor features) {
        return classifier.forward(features.mean(true, 2, 3));
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawWeights(Init.truncatedNormal(0.02), rng);
        zeroBiases();
    }

    /** A wide depthwise convolution, then two linear layers for each pixel, scaled, beside a shortcut. */
    private static final class Block extends Module {
        private final Tensor scale;
        private final Conv2d depthwise;
        private final Sequential block;
        private final StochasticDepth depth;

        Block(int channels, double drop) {
            scale = parameter("layer_scale", Tensor.full(LAYER_SCALE, channels, 1, 1));
            depthwise = Conv2d.depthwise(channels, 7).padding(3);
            block = child(
                    "block",
                    Sequential.of(
                            depthwise,
                            new Permute(0, 2, 3, 1), // [N, H, W, C]
                            LayerNorm.of(channels).eps(EPS),
                            Linear.of(channels, 4 * channels),
                            GELU.of(),
                            Linear.of(4 * channels, channels),
                            new Permute(0, 3, 1, 2))); // [N, C, H, W]
            depth = child("stochastic_depth", StochasticDepth.of(drop));
        }

        @Override
        public Tensor forward(Tensor x) {
            return seen(depth.forward(block.forward(x).mul(scale)).add(x));
        }

        @Override
        protected void resetParameters(Rng rng) {
            try (var off = Grad.off()) {
                scale.fill_(LAYER_SCALE);
            }
        }
    }

    /** Dimensions in another order. */
    private static final class Permute extends Module {
        private final int[] order;

        Permute(int... order) {
            this.order = order;
        }

        @Override
        public Tensor forward(Tensor x) {
            return seen(x.permute(order));
        }
    }
}
