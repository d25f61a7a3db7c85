package espalier.vision.model;

import espalier.model.ModelNames;
import java.util.List;
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
    private static final String EFFICIENT = "Tan and Le 2019, EfficientNet";
    private static final String RESIDUAL = "He, Zhang, Ren and Sun 2015, Deep residual learning";

    private Models() {}

    /** EfficientNet-B0: 5.3 million parameters, pictures of 224. */
    public static Architecture efficientNetB0() {
        return efficientNet(0, 224);
    }

    /** EfficientNet-B1: 7.8 million parameters, pictures of 240. */
    public static Architecture efficientNetB1() {
        return efficientNet(1, 240);
    }

    /** EfficientNet-B2: 9.1 million parameters, pictures of 288. */
    public static Architecture efficientNetB2() {
        return efficientNet(2, 288);
    }

    /** EfficientNet-B3: 12.2 million parameters, pictures of 300. */
    public static Architecture efficientNetB3() {
        return efficientNet(3, 300);
    }

    /** EfficientNet-B4: 19.3 million parameters, pictures of 380. */
    public static Architecture efficientNetB4() {
        return efficientNet(4, 380);
    }

    /** EfficientNet-Lite0: 4.7 million parameters, pictures of 224; fast on processors. */
    public static Architecture efficientNetLite0() {
        return lite(0, 224);
    }

    /** EfficientNet-Lite1: 5.4 million parameters, pictures of 240. */
    public static Architecture efficientNetLite1() {
        return lite(1, 240);
    }

    /** EfficientNet-Lite2: 6.1 million parameters, pictures of 260. */
    public static Architecture efficientNetLite2() {
        return lite(2, 260);
    }

    /** MobileNetV2: 3.5 million parameters, pictures of 224. */
    public static Architecture mobileNetV2() {
        return new Architecture("mobilenet-v2", "Sandler et al. 2018, MobileNetV2", 224, MobileNetV2::of);
    }

    /** ResNet-18: 11.7 million parameters, pictures of 224. */
    public static Architecture resnet18() {
        return new Architecture("resnet18", RESIDUAL, 224, n -> ResNet.basic(n, 2, 2, 2, 2));
    }

    /** ResNet-34: 21.8 million parameters, pictures of 224. */
    public static Architecture resnet34() {
        return new Architecture("resnet34", RESIDUAL, 224, n -> ResNet.basic(n, 3, 4, 6, 3));
    }

    /** ResNet-50: 25.6 million parameters, pictures of 224. */
    public static Architecture resnet50() {
        return new Architecture("resnet50", RESIDUAL, 224, n -> ResNet.bottlenecks(n, 3, 4, 6, 3));
    }

    /** ResNet-101: 44.5 million parameters, pictures of 224. */
    public static Architecture resnet101() {
        return new Architecture("resnet101", RESIDUAL, 224, n -> ResNet.bottlenecks(n, 3, 4, 23, 3));
    }

    /** ResNet-152: 60.2 million parameters, pictures of 224. */
    public static Architecture resnet152() {
        return new Architecture("resnet152", RESIDUAL, 224, n -> ResNet.bottlenecks(n, 3, 8, 36, 3));
    }

    private static Architecture efficientNet(int variant, int size) {
        return new Architecture("efficientnet-b" + variant, EFFICIENT, size, n -> EfficientNet.of(variant, n));
    }

    private static Architecture lite(int variant, int size) {
        return new Architecture("efficientnet-lite" + variant, EFFICIENT, size, n -> EfficientNetLite.of(variant, n));
    }

    /** All of them, in the order of this catalogue. */
    public static List<Architecture> all() {
        return List.of(
                efficientNetB0(),
                efficientNetB1(),
                efficientNetB2(),
                efficientNetB3(),
                efficientNetB4(),
                efficientNetLite0(),
                efficientNetLite1(),
                efficientNetLite2(),
                mobileNetV2(),
                resnet18(),
                resnet34(),
                resnet50(),
                resnet101(),
                resnet152());
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
