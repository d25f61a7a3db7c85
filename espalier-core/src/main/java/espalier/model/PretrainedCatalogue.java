package espalier.model;

import espalier.model.ModelDocument.Normalisation;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The table of published weights. */
final class PretrainedCatalogue {
    private static final String BASE = "https://download.pytorch.org/models/";
    private static final Normalisation IMAGENET =
            new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    /** The statistics of the Lite family: inputs between about -1 and 1. */
    private static final Normalisation LITE = new Normalisation(
            List.of(127 / 255.0, 127 / 255.0, 127 / 255.0), List.of(128 / 255.0, 128 / 255.0, 128 / 255.0));

    private static final String RESNET = "He, Zhang, Ren, Sun 2015, https://arxiv.org/abs/1512.03385";
    private static final String EFFICIENTNET = "Tan, Le 2019, https://arxiv.org/abs/1905.11946";
    private static final String MOBILENET =
            "Sandler, Howard, Zhu, Zhmoginov, Chen 2018, https://arxiv.org/abs/1801.04381";
    private static final String V1 = "imagenet1k-v1";
    private static final String V2 = "imagenet1k-v2";

    /** Sorted by model; where a model has several, the default comes first. Accuracies are torchvision's. */
    static final List<PretrainedWeights> ALL = List.of(
            efficientNet("b0", V1, "b0_rwightman-7f5810bc", 224, 256, "bicubic", 77.692),
            efficientNet("b1", V2, "b1-c27df63c", 240, 255, "bilinear", 79.838),
            efficientNet("b1", V1, "b1_rwightman-bac287d4", 240, 256, "bicubic", 78.642),
            efficientNet("b2", V1, "b2_rwightman-c35c1473", 288, 288, "bicubic", 80.608),
            efficientNet("b3", V1, "b3_rwightman-b3899882", 300, 320, "bicubic", 82.008),
            efficientNet("b4", V1, "b4_rwightman-23ab8bcd", 380, 384, "bicubic", 83.384),
            // Published for PyTorch without a rule for resizing. On a sample of 59 photos bilinear does
            // no worse (56 right; bicubic 54: within chance), and it is the faster and the more usual of the two.
            new PretrainedWeights(
                    "efficientnet-lite0",
                    V1,
                    "efficientnet-lite0-57934424.pth",
                    Optional.empty(),
                    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
                    224,
                    256,
                    "bilinear",
                    LITE,
                    "Apache-2.0",
                    75.1,
                    EFFICIENTNET),
            // The two reach the same within 0.3 points; the first is the one that is more often at hand.
            torchvision("mobilenet-v2", V1, "mobilenet_v2-b0353104", 224, 256, "bilinear", 71.878, MOBILENET),
            torchvision("mobilenet-v2", V2, "mobilenet_v2-7ebf99e0", 224, 232, "bilinear", 72.154, MOBILENET),
            resNet("resnet101", V2, "cd907fc2", 232, 81.886),
            resNet("resnet101", V1, "63fe2227", 256, 77.374),
            resNet("resnet152", V2, "f82ba261", 232, 82.284),
            resNet("resnet152", V1, "394f9c45", 256, 78.312),
            resNet("resnet18", V1, "f37072fd", 256, 69.758),
            resNet("resnet34", V1, "b627a593", 256, 73.314),
            resNet("resnet50", V2, "11ad3fa6", 232, 80.858),
            resNet("resnet50", V1, "0676ba61", 256, 76.13));

    private PretrainedCatalogue() {}

    private static PretrainedWeights resNet(String model, String tag, String hash, int resize, double top1) {
        return torchvision(model, tag, model + "-" + hash, 224, resize, "bilinear", top1, RESNET);
    }

    private static PretrainedWeights efficientNet(
            String size, String tag, String file, int input, int resize, String interpolation, double top1) {
        return torchvision(
                "efficientnet-" + size, tag, "efficientnet_" + file, input, resize, interpolation, top1, EFFICIENTNET);
    }

    private static PretrainedWeights torchvision(
            String model,
            String tag,
            String name,
            int input,
            int resize,
            String interpolation,
            double top1,
            String paper) {
        String file = name + ".pth";
        return new PretrainedWeights(
                model,
                tag,
                file,
                Optional.of(URI.create(BASE + file)),
                name.substring(name.lastIndexOf('-') + 1),
                input,
                resize,
                interpolation,
                IMAGENET,
                "BSD-3-Clause",
                top1,
                paper);
    }
}
