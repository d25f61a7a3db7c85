package espalier.tensor;

import espalier.tensor.Functional.Window;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/** The convolution that undoes the shapes of another: its gradient with respect to the input, as a layer of its own. */
public final class TransposedConvolution {
    private TransposedConvolution() {}

    /**
     * Each input value spreads over the output as the kernel weighs it, {@code stride} positions apart.
     *
     * @param window its padding is taken away from the output
     * @param extra rows and columns added at the output's bottom and right, less than the stride or dilation
     * @shape x {@code [N, C, H, W]}, weight {@code [C, out / groups, kh, kw]}, bias {@code [out]}; gives
     *     {@code [N, out, (H - 1) stride - 2 padding + dilation (kh - 1) + extra + 1, ...]}
     */
    public static Tensor apply2d(Tensor x, Tensor weight, Optional<Tensor> bias, Window window, long extra) {
        Operands.dims("convTranspose2d", x, 4, "[N, C, H, W]");
        Operands.size("convTranspose2d", x, 1, weight.size(0), "channels");
        return Native.call(
                "convTranspose2d",
                () -> torch.conv_transpose2d(
                        x.raw(),
                        weight.raw(),
                        Native.optional(bias.orElse(null)),
                        window.stride(),
                        window.padding(),
                        new long[] {extra, extra},
                        window.groups(),
                        window.dilation()),
                window,
                extra);
    }
}
