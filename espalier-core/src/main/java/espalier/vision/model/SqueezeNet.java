package espalier.vision.model;

import espalier.nn.Conv2d;
import espalier.nn.Dropout;
import espalier.nn.Init;
import espalier.nn.MaxPool2d;
import espalier.nn.Module;
import espalier.nn.ReLU;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.List;

/**
 * SqueezeNet 1.1 with torchvision's parameter names: 1.2 million parameters. It scores each place of the feature maps,
 * and the scores are pooled, not the maps.
 *
 * @paper Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer 2016, "SqueezeNet: AlexNet-level accuracy with 50x fewer
 *     parameters"; version 1.1, which pools earlier, is from the authors' repository
 */
final class SqueezeNet extends Backbone {
    private static final String PAPER = "Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer 2016, SqueezeNet:"
            + " AlexNet-level accuracy with 50x fewer parameters, https://arxiv.org/abs/1602.07360";
    private static final int WIDTH = 512;

    private final Sequential features = child(
            "features",
            Sequential.of(
                    Conv2d.of(3, 64, 3).stride(2),
                    ReLU.of().inPlace(),
                    down(),
                    new Fire(64, 16, 64),
                    new Fire(128, 16, 64),
                    down(),
                    new Fire(128, 32, 128),
                    new Fire(256, 32, 128),
                    down(),
                    new Fire(256, 48, 192),
                    new Fire(384, 48, 192),
                    new Fire(384, 64, 256),
                    new Fire(512, 64, WIDTH / 2)));
    private final Conv2d last;
    private final Sequential classifier;

    private SqueezeNet(int classes) {
        super(WIDTH, "classifier");
        last = Conv2d.of(WIDTH, classes, 1);
        classifier = child(
                "classifier", Sequential.of(Dropout.of(0.5), last, ReLU.of().inPlace()));
    }

    static Architecture architecture() {
        String name = "squeezenet1.1";
        return Architecture.of(name, PAPER, SqueezeNet::new)
                .weights(PretrainedWeights.torchvision(name, "imagenet1k-v1", "squeezenet1_1-b8a52dc0", 58.178));
    }

    private static MaxPool2d down() {
        return MaxPool2d.of(3).stride(2).ceil();
    }

    @Override
    public Tensor classify(Tensor features) {
        return means(classifier.forward(features)); // [N, classes]
    }

    /** Two groups, as in fastai: up to the second fire, and the rest. */
    @Override
    public List<List<Module>> groups() {
        return split(features, 5);
    }

    @Override
    protected void resetParameters(Rng rng) {
        int position = 0;
        for (Module module : modules().values()) {
            position++;
            if (module instanceof Conv2d convolution) {
                var init = convolution == last ? Init.normal(0, 0.01) : Init.kaimingUniform();
                init.apply(convolution.weight(), rng.derive(position));
                convolution.bias().ifPresent(bias -> Init.constant(0).apply(bias, rng));
            }
        }
    }

    /** Few channels by a 1x1 convolution, then many, half of them by 1x1 and half by 3x3 ones. */
    private static final class Fire extends Module {
        private final Conv2d squeeze;
        private final Conv2d expand1x1;
        private final Conv2d expand3x3;

        Fire(int in, int squeezed, int expanded) {
            squeeze = child("squeeze", Conv2d.of(in, squeezed, 1));
            expand1x1 = child("expand1x1", Conv2d.of(squeezed, expanded, 1));
            expand3x3 = child("expand3x3", Conv2d.of(squeezed, expanded, 3).padding(1));
        }

        @Override
        public Tensor forward(Tensor x) {
            x = squeeze.forward(x).relu_(); // [N, squeezed, H, W]
            Tensor one = expand1x1.forward(x).relu_();
            Tensor three = expand3x3.forward(x).relu_();
            return seen(Tensor.cat(List.of(one, three), 1)); // [N, 2 expanded, H, W]
        }
    }
}
