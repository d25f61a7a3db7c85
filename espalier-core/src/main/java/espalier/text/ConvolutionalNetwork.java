package espalier.text;

import espalier.nn.Conv1d;
import espalier.nn.Linear;
import espalier.nn.ModuleList;
import espalier.tensor.Tensor;
import espalier.text.TextArchitecture.Convolutional;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolutions of several widths, of each filter the largest value in the text.
 *
 * @paper Kim 2014, "Convolutional neural networks for sentence classification", arXiv:1408.5882; what differs: zeros at both
 *     ends, so that short texts have values too
 */
final class ConvolutionalNetwork extends TextNetwork {
    private final List<Conv1d> encoder = new ArrayList<>();
    private final Linear predictor;

    ConvolutionalNetwork(Tokens tokens, Convolutional options, int classes) {
        super(tokens);
        for (int kernel : options.kernels()) {
            encoder.add(Conv1d.of(tokens.dim(), options.filters(), kernel).padding(kernel / 2));
        }
        child("encoder", ModuleList.of(encoder.toArray(Conv1d[]::new)));
        this.predictor = child("predictor", Linear.of(options.features(tokens.dim()), classes));
    }

    @Override
    Tensor features(Tensor x, long... lengths) {
        Tensor channels = x.transpose(1, 2); // [N, D, T]
        List<Tensor> largest = new ArrayList<>();
        for (Conv1d convolution : encoder) {
            Tensor maps = convolution.forward(channels).relu().narrow(2, 0, x.size(1)); // [N, filters, T]
            largest.add(max(maps.transpose(1, 2), lengths)); // [N, filters]
        }
        return Tensor.cat(largest, 1); // [N, F]
    }

    @Override
    Linear predictor() {
        return predictor;
    }
}
