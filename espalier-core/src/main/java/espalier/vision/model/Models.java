package espalier.vision.model;

import espalier.weights.ModelNames;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The catalogue of vision models, alphabetical.
 *
 * <pre>{@code
 * Backbone resnet = Models.resnet18().create(1000);           // for ImageNet's weights
 * TransferModel dogs = TransferModel.of(resnet, 37, rng);     // its body with a new head
 * }</pre>
 */
public final class Models {
    private Models() {}

    /** AlexNet: 61.1 million parameters, 2.5 million of them in the body, pictures of 224. */
    public static Architecture alexNet() {
        return AlexNet.architecture();
    }

    /** ConvNeXt-Tiny: 28.6 million parameters, pictures of 224. */
    public static Architecture convNextTiny() {
        return ConvNeXt.architecture();
    }

    /** DenseNet-121: 8.0 million parameters, pictures of 224. */
    public static Architecture denseNet121() {
        return DenseNet.architecture();
    }

    /** EfficientNet-B0: 5.3 million parameters, pictures of 224. */
    public static Architecture efficientNetB0() {
        return EfficientNet.architecture(0);
    }

    /** EfficientNet-B1: 7.8 million parameters, pictures of 240. */
    public static Architecture efficientNetB1() {
        return EfficientNet.architecture(1);
    }

    /** EfficientNet-B2: 9.1 million parameters, pictures of 288. */
    public static Architecture efficientNetB2() {
        return EfficientNet.architecture(2);
    }

    /** EfficientNet-B3: 12.2 million parameters, pictures of 300. */
    public static Architecture efficientNetB3() {
        return EfficientNet.architecture(3);
    }

    /** EfficientNet-B4: 19.3 million parameters, pictures of 380. */
    public static Architecture efficientNetB4() {
        return EfficientNet.architecture(4);
    }

    /** EfficientNet-Lite0: 4.7 million parameters, pictures of 224; fast on processors. */
    public static Architecture efficientNetLite0() {
        return EfficientNetLite.architecture(0);
    }

    /** EfficientNet-Lite1: 5.4 million parameters, pictures of 240. */
    public static Architecture efficientNetLite1() {
        return EfficientNetLite.architecture(1);
    }

    /** EfficientNet-Lite2: 6.1 million parameters, pictures of 260. */
    public static Architecture efficientNetLite2() {
        return EfficientNetLite.architecture(2);
    }

    /** GoogLeNet: 6.6 million parameters, and as many in auxiliary classifiers that do not run; pictures of 224. */
    public static Architecture googLeNet() {
        return GoogLeNet.architecture();
    }

    /** Inception-v3: 23.8 million parameters, and 3.3 million in an auxiliary classifier that does not run; pictures of 299. */
    public static Architecture inceptionV3() {
        return InceptionV3.architecture();
    }

    /** MobileNetV2: 3.5 million parameters, pictures of 224. */
    public static Architecture mobileNetV2() {
        return MobileNetV2.architecture();
    }

    /** MobileNetV3-Large: 5.5 million parameters, pictures of 224. */
    public static Architecture mobileNetV3Large() {
        return MobileNetV3.architecture();
    }

    /** MobileNetV4-Conv-Small: 3.8 million parameters, pictures of 224. */
    public static Architecture mobileNetV4ConvSmall() {
        return MobileNetV4.architecture();
    }

    /** ResNet-18: 11.7 million parameters, pictures of 224. */
    public static Architecture resnet18() {
        return ResNet.architecture(18);
    }

    /** ResNet-34: 21.8 million parameters, pictures of 224. */
    public static Architecture resnet34() {
        return ResNet.architecture(34);
    }

    /** ResNet-50: 25.6 million parameters, pictures of 224. */
    public static Architecture resnet50() {
        return ResNet.architecture(50);
    }

    /** ResNet-101: 44.5 million parameters, pictures of 224. */
    public static Architecture resnet101() {
        return ResNet.architecture(101);
    }

    /** ResNet-152: 60.2 million parameters, pictures of 224. */
    public static Architecture resnet152() {
        return ResNet.architecture(152);
    }

    /** SqueezeNet 1.1: 1.2 million parameters, pictures of 224. */
    public static Architecture squeezeNet11() {
        return SqueezeNet.architecture();
    }

    /** VGG-16: 138.4 million parameters, 14.7 million of them in the body, pictures of 224. */
    public static Architecture vgg16() {
        return Vgg.architecture();
    }

    /** ViT-S/14 for DINOv2's weights, which have no classifier: 22.1 million parameters, pictures of 518. */
    public static Architecture vitSmallPatch14DinoV2() {
        return VisionTransformer.dinoV2();
    }

    /** ViT-S/16: 22.1 million parameters, pictures of 224. */
    public static Architecture vitSmallPatch16() {
        return VisionTransformer.architecture();
    }

    private static List<Architecture> own() {
        return List.of(
                alexNet(),
                convNextTiny(),
                denseNet121(),
                efficientNetB0(),
                efficientNetB1(),
                efficientNetB2(),
                efficientNetB3(),
                efficientNetB4(),
                efficientNetLite0(),
                efficientNetLite1(),
                efficientNetLite2(),
                googLeNet(),
                inceptionV3(),
                mobileNetV2(),
                mobileNetV3Large(),
                mobileNetV4ConvSmall(),
                resnet18(),
                resnet34(),
                resnet50(),
                resnet101(),
                resnet152(),
                squeezeNet11(),
                vgg16(),
                vitSmallPatch14DinoV2(),
                vitSmallPatch16());
    }

    /**
     * All of them, in the order of this catalogue, then those of the {@link Architecture.Provider}s on the class path.
     *
     * @throws IllegalStateException when two have the same name
     */
    public static List<Architecture> all() {
        var all = new ArrayList<>(own());
        for (var provider : ServiceLoader.load(Architecture.Provider.class)) {
            for (var found : provider.architectures()) {
                if (all.stream().anyMatch(other -> ModelNames.same(other.name(), found.name()))) {
                    throw new IllegalStateException("the model \"" + found.name() + "\" of "
                            + provider.getClass().getName()
                            + " has the name of another. Maybe call it differently, or look for the class twice on"
                            + " the class path.");
                }
                all.add(found);
            }
        }
        return List.copyOf(all);
    }

    /** The published weights of all models, in the order of {@link #all}; where a model has several, the default first. */
    public static List<PretrainedWeights> weights() {
        return all().stream().flatMap(model -> model.weights().stream()).toList();
    }

    /**
     * The model of that name; capitals, dashes and underscores make no difference.
     *
     * @throws IllegalArgumentException with all names when there is none
     */
    public static Architecture named(String name) {
        return all().stream()
                .filter(model -> ModelNames.same(model.name(), name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no model \"" + name + "\". Maybe one of "
                        + all().stream().map(Architecture::name).collect(Collectors.joining(", ")) + "."));
    }
}
