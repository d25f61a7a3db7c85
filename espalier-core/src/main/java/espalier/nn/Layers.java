package espalier.nn;

import java.util.Map;

/**
 * The catalogue of layers, alphabetical. Each gives the layer with its defaults; its copy-setters change them:
 * {@code Layers.conv2d(3, 64, 7).stride(2).noBias()} is {@code Conv2d.of(3, 64, 7).stride(2).noBias()}.
 */
public final class Layers {
    private Layers() {}

    /** Means over a grid of {@code size} by {@code size} windows. @see AdaptiveAvgPool2d */
    public static AdaptiveAvgPool2d adaptiveAvgPool2d(int size) {
        return AdaptiveAvgPool2d.of(size);
    }

    /** Largest values, then means, over a grid of windows. @see AdaptiveConcatPool2d */
    public static AdaptiveConcatPool2d adaptiveConcatPool2d(int size) {
        return AdaptiveConcatPool2d.of(size);
    }

    /** Largest values over a grid of {@code size} by {@code size} windows. @see AdaptiveMaxPool2d */
    public static AdaptiveMaxPool2d adaptiveMaxPool2d(int size) {
        return AdaptiveMaxPool2d.of(size);
    }

    /** Means of windows of a sequence. @see AvgPool1d */
    public static AvgPool1d avgPool1d(int kernel) {
        return AvgPool1d.of(kernel);
    }

    /** Means of windows of a picture. @see AvgPool2d */
    public static AvgPool2d avgPool2d(int kernel) {
        return AvgPool2d.of(kernel);
    }

    /** Batch normalisation of vectors or sequences. @see BatchNorm1d */
    public static BatchNorm1d batchNorm1d(int channels) {
        return BatchNorm1d.of(channels);
    }

    /** Batch normalisation of pictures. @see BatchNorm2d */
    public static BatchNorm2d batchNorm2d(int channels) {
        return BatchNorm2d.of(channels);
    }

    /** Convolution over sequences. @see Conv1d */
    public static Conv1d conv1d(int in, int out, int kernel) {
        return Conv1d.of(in, out, kernel);
    }

    /** Convolution over pictures. @see Conv2d */
    public static Conv2d conv2d(int in, int out, int kernel) {
        return Conv2d.of(in, out, kernel);
    }

    /** Convolution that makes pictures larger. @see ConvTranspose2d */
    public static ConvTranspose2d convTranspose2d(int in, int out, int kernel) {
        return ConvTranspose2d.of(in, out, kernel);
    }

    /** Dropout with probability {@code p}. @see Dropout */
    public static Dropout dropout(double p) {
        return Dropout.of(p);
    }

    /** Dropout of whole feature maps. @see Dropout2d */
    public static Dropout2d dropout2d(double p) {
        return Dropout2d.of(p);
    }

    /** Exponential linear unit. @see ELU */
    public static ELU elu() {
        return ELU.of();
    }

    /** A table of learned vectors. @see Embedding */
    public static Embedding embedding(int count, int dim) {
        return Embedding.of(count, dim);
    }

    /** All dimensions but the batch as one. @see Flatten */
    public static Flatten flatten() {
        return Flatten.of();
    }

    /** Gaussian error linear unit. @see GELU */
    public static GELU gelu() {
        return GELU.of();
    }

    /** Group normalisation. @see GroupNorm */
    public static GroupNorm groupNorm(int groups, int channels) {
        return GroupNorm.of(groups, channels);
    }

    /** A gated recurrent unit. @see Gru */
    public static Gru gru(int in, int hidden) {
        return Gru.of(in, hidden);
    }

    /** Hard sigmoid. @see Hardsigmoid */
    public static Hardsigmoid hardsigmoid() {
        return Hardsigmoid.of();
    }

    /** Hard swish. @see Hardswish */
    public static Hardswish hardswish() {
        return Hardswish.of();
    }

    /** The input itself. @see Identity */
    public static Identity identity() {
        return Identity.of();
    }

    /** Normalisation of each feature map of each item. @see InstanceNorm2d */
    public static InstanceNorm2d instanceNorm2d(int channels) {
        return InstanceNorm2d.of(channels);
    }

    /** Layer normalisation over the last dimensions. @see LayerNorm */
    public static LayerNorm layerNorm(long... sizes) {
        return LayerNorm.of(sizes);
    }

    /** Normalisation of each pixel over its channels. @see LayerNorm2d */
    public static LayerNorm2d layerNorm2d(int channels) {
        return LayerNorm2d.of(channels);
    }

    /** Rectified linear unit that leaks. @see LeakyReLU */
    public static LeakyReLU leakyReLU() {
        return LeakyReLU.of();
    }

    /** A linear map. @see Linear */
    public static Linear linear(int in, int out) {
        return Linear.of(in, out);
    }

    /** Logarithm of the sigmoid. @see LogSigmoid */
    public static LogSigmoid logSigmoid() {
        return LogSigmoid.of();
    }

    /** Logarithm of softmax. @see LogSoftmax */
    public static LogSoftmax logSoftmax(int dim) {
        return LogSoftmax.of(dim);
    }

    /** Long short-term memory. @see Lstm */
    public static Lstm lstm(int in, int hidden) {
        return Lstm.of(in, hidden);
    }

    /** One step of an LSTM. @see LstmCell */
    public static LstmCell lstmCell(int in, int hidden) {
        return LstmCell.of(in, hidden);
    }

    /** Largest values of windows of a sequence. @see MaxPool1d */
    public static MaxPool1d maxPool1d(int kernel) {
        return MaxPool1d.of(kernel);
    }

    /** Largest values of windows of a picture. @see MaxPool2d */
    public static MaxPool2d maxPool2d(int kernel) {
        return MaxPool2d.of(kernel);
    }

    /** Mish. @see Mish */
    public static Mish mish() {
        return Mish.of();
    }

    /** Modules by name, picked in a way of one's own. @see ModuleDict */
    public static ModuleDict moduleDict(Map<String, ? extends Module> modules) {
        return ModuleDict.of(modules);
    }

    /** Modules in a list, run in a way of one's own. @see ModuleList */
    public static ModuleList moduleList(Module... modules) {
        return ModuleList.of(modules);
    }

    /** Attention in several heads. @see MultiheadAttention */
    public static MultiheadAttention multiheadAttention(int dim, int heads) {
        return MultiheadAttention.of(dim, heads);
    }

    /** Rectified linear unit. @see ReLU */
    public static ReLU reLU() {
        return ReLU.of();
    }

    /** Rectified linear unit with a ceiling at 6. @see ReLU6 */
    public static ReLU6 reLU6() {
        return ReLU6.of();
    }

    /** Each column times a deviation, plus a mean. @see Rescale */
    public static Rescale rescale(int columns) {
        return Rescale.of(columns);
    }

    /** Elman's recurrent network. @see Rnn */
    public static Rnn rnn(int in, int hidden) {
        return Rnn.of(in, hidden);
    }

    /** Modules one after the other. @see Sequential */
    public static Sequential sequential(Module... modules) {
        return Sequential.of(modules);
    }

    /** Logistic sigmoid. @see Sigmoid */
    public static Sigmoid sigmoid() {
        return Sigmoid.of();
    }

    /** Sigmoid-weighted linear unit. @see SiLU */
    public static SiLU siLU() {
        return SiLU.of();
    }

    /** Softmax. @see Softmax */
    public static Softmax softmax(int dim) {
        return Softmax.of(dim);
    }

    /** Smooth ReLU. @see Softplus */
    public static Softplus softplus() {
        return Softplus.of();
    }

    /** Dropping of whole items with probability {@code p}. @see StochasticDepth */
    public static StochasticDepth stochasticDepth(double p) {
        return StochasticDepth.of(p);
    }

    /** Hyperbolic tangent. @see Tanh */
    public static Tanh tanh() {
        return Tanh.of();
    }

    /** Pictures made larger by a whole factor. @see Upsample */
    public static Upsample upsample(int factor) {
        return Upsample.of(factor);
    }

    /** Zeros at all four sides of pictures. @see ZeroPad2d */
    public static ZeroPad2d zeroPad2d(int padding) {
        return ZeroPad2d.of(padding);
    }
}
