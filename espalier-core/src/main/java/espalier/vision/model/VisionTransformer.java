package espalier.vision.model;

import espalier.image.Interpolation;
import espalier.nn.Conv2d;
import espalier.nn.GELU;
import espalier.nn.Init;
import espalier.nn.LayerNorm;
import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.nn.Sequential;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import espalier.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Vision transformer, small, with timm's parameter names: with patches of 16 pixels, or as DINOv2 has it, with patches of
 * 14 and scaled blocks. Pictures of other sizes than it was made for, in whole patches, get position embeddings
 * interpolated bicubically and antialiased, as timm does.
 *
 * @paper Dosovitskiy et al. 2020, "An image is worth 16x16 words", equations 1 to 4; the small size is of Touvron et al.
 *     2020, "Training data-efficient image transformers", table 1; the scales are of Touvron et al. 2021, "Going deeper
 *     with image transformers", section 2.3
 */
final class VisionTransformer extends Backbone {
    private static final String PAPER =
            "Dosovitskiy et al. 2020, An image is worth 16x16 words," + " https://arxiv.org/abs/2010.11929";
    private static final String DINO = "Oquab et al. 2023, DINOv2: learning robust visual features without supervision,"
            + " https://arxiv.org/abs/2304.07193";
    private static final int DIM = 384;
    private static final int HEADS = 6;
    private static final int DEPTH = 12;
    private static final double EPS = 1e-6;
    private static final double LAYER_SCALE = 1e-5;

    private final int patch;
    private final int grid;
    private final Tensor classToken = parameter("cls_token", Tensor.zeros(1, 1, DIM));
    private final Tensor positions;
    private final PatchEmbedding embedding;
    private final Sequential blocks;
    private final LayerNorm norm;
    private final Optional<Linear> head;

    private VisionTransformer(int patch, int grid, boolean scaled, int classes) {
        super(DIM, "head");
        this.patch = patch;
        this.grid = grid;
        positions = parameter("pos_embed", Tensor.zeros(1, 1 + grid * grid, DIM));
        embedding = child("patch_embed", new PatchEmbedding(patch));
        var all = new ArrayList<Module>();
        for (int i = 0; i < DEPTH; i++) {
            all.add(new Block(scaled));
        }
        blocks = child("blocks", Sequential.of(all));
        norm = child("norm", LayerNorm.of(DIM).eps(EPS));
        head = Optional.of(classes).filter(count -> count > 0).map(count -> child("head", Linear.of(DIM, count)));
    }

    static Architecture architecture() {
        String name = "vit-small-patch16-224";
        return Architecture.of(name, PAPER, classes -> new VisionTransformer(16, 14, false, classes))
                .weights(PretrainedWeights.hub(name, "vit_small_patch16_224.augreg_in21k_ft_in1k", 81.4)
                        .sizes(224, 248)
                        .statistics(0.5, 0.5));
    }

    static Architecture dinoV2() {
        String name = "vit-small-patch14-dinov2";
        return Architecture.of(name, DINO, classes -> new VisionTransformer(14, 37, true, classes))
                .inputSize(518)
                .weights(PretrainedWeights.hub(name, "vit_small_patch14_dinov2.lvd142m", 0)
                        .sizes(518, 518)
                        .featuresOnly());
    }

    /** The class token and one token for each patch. @shape {@code [N, 3, H, W]} to {@code [N, 1 + h w, 384]} */
    @Override
    public Tensor features(Tensor x) {
        return norm.forward(blocks.forward(tokens(x)));
    }

    private Tensor tokens(Tensor x) {
        checkSize(x.size(2), x.size(3));
        Tensor patches = embedding.forward(x); // [N, 384, h, w]
        long height = patches.size(2);
        long width = patches.size(3);
        x = patches.flatten(2, 3).transpose(1, 2); // [N, h w, 384]
        return Functional.padConstant(x, 0, 0, 0, 1, 0).add(start(height, width)); // [N, 1 + h w, 384]
    }

    private void checkSize(long height, long width) {
        if (height % patch != 0 || width % patch != 0) {
            long lower = Math.max(1, Math.min(height, width) / patch) * patch;
            throw new ShapeException(
                    "pictures of %d x %d pixels are not made of whole patches of %d x %d. Maybe resize them to %d or %d."
                            .formatted(height, width, patch, patch, lower, lower + patch));
        }
    }

    /** What is added to the patches behind a token of zeros: the class token and all positions. */
    private Tensor start(long height, long width) {
        Tensor first = positions.narrow(1, 0, 1).add(classToken); // [1, 1, 384]
        Tensor others = positions.narrow(1, 1, (long) grid * grid); // [1, grid * grid, 384]
        if (height != grid || width != grid) {
            Tensor square = others.transpose(1, 2).reshape(1, DIM, grid, grid);
            Tensor wide = square.matmul(resizing(width).transpose(0, 1)); // [1, 384, grid, w]
            Tensor other = resizing(height).matmul(wide); // [1, 384, h, w]
            others = other.flatten(2, 3).transpose(1, 2); // [1, h w, 384]
        }
        return Tensor.cat(List.of(first, others), 1);
    }

    /** Resizes an axis of the grid when multiplied. @shape {@code [size, grid]} */
    private Tensor resizing(long size) {
        return Tensor.of(Interpolation.BICUBIC.matrix(grid, (int) size), size, grid)
                .to(positions.device());
    }

    @Override
    public Tensor classify(Tensor features) {
        Tensor first = features.select(1, 0); // [N, 384]
        return head.map(linear -> linear.forward(first)).orElse(first); // [N, classes], or [N, 384]
    }

    /** All but the last block: behind it the patches no longer reach the class token, by which alone scores are made. */
    @Override
    public Module body() {
        return part(x -> {
            x = tokens(x);
            for (int i = 0; i < DEPTH - 1; i++) {
                x = block(i).forward(x);
            }
            return x;
        });
    }

    @Override
    public Module head() {
        return part(x -> classify(norm.forward(block(DEPTH - 1).forward(x))));
    }

    private Module block(int index) {
        return Objects.requireNonNull(blocks.children().get(Integer.toString(index)));
    }

    /** The patches' tokens where they are in a square picture, without the class token. @shape {@code [N, 1 + h w, 384]} to {@code [N, 384, h, w]} */
    @Override
    public Tensor maps(Tensor features) {
        long count = features.size(1) - 1;
        long side = Math.round(Math.sqrt(count));
        if (side * side != count) {
            throw new ShapeException(
                    "the " + count + " patches are not those of a square picture. Maybe resize pictures"
                            + " to squares, which a vision transformer's maps need.");
        }
        Tensor patches = features.narrow(1, 1, count).transpose(1, 2); // [N, 384, h w]
        return patches.unflatten(2, side, side);
    }

    @Override
    protected void resetParameters(Rng rng) {
        drawWeights(Init.truncatedNormal(0.02), rng);
        zeroBiases();
        Init.truncatedNormal(0.02).apply(positions, rng.derive(-1));
        try (var off = Grad.off()) {
            classToken.zero_();
        }
    }

    /** A linear map of each patch. */
    private static final class PatchEmbedding extends Module {
        private final Conv2d proj;

        PatchEmbedding(int patch) {
            proj = child("proj", Conv2d.of(3, DIM, patch).stride(patch));
        }

        @Override
        public Tensor forward(Tensor x) {
            return seen(proj.forward(x));
        }
    }

    /** Attention between tokens, then two layers for each token, both normed, maybe scaled, and beside shortcuts. */
    private static final class Block extends Module {
        private final LayerNorm norm1 = child("norm1", LayerNorm.of(DIM).eps(EPS));
        private final Attention attention = child("attn", new Attention());
        private final Optional<LayerScale> scale1;
        private final LayerNorm norm2;
        private final Mlp mlp;
        private final Optional<LayerScale> scale2;

        Block(boolean scaled) {
            scale1 = scale(scaled, "ls1");
            norm2 = child("norm2", LayerNorm.of(DIM).eps(EPS));
            mlp = child("mlp", new Mlp());
            scale2 = scale(scaled, "ls2");
        }

        private Optional<LayerScale> scale(boolean scaled, String name) {
            return scaled ? Optional.of(child(name, new LayerScale())) : Optional.empty();
        }

        @Override
        public Tensor forward(Tensor x) {
            x = x.add(scaled(scale1, attention.forward(norm1.forward(x))));
            return seen(x.add(scaled(scale2, mlp.forward(norm2.forward(x))))); // [N, T, 384]
        }

        private static Tensor scaled(Optional<LayerScale> scale, Tensor x) {
            return scale.map(layer -> layer.forward(x)).orElse(x);
        }
    }

    /** One factor for each channel, small at first, so that a block begins as little more than its shortcut. */
    private static final class LayerScale extends Module {
        private final Tensor gamma = parameter("gamma", Tensor.full(LAYER_SCALE, DIM));

        @Override
        public Tensor forward(Tensor x) {
            return seen(x.mul(gamma));
        }

        @Override
        protected void resetParameters(Rng rng) {
            try (var off = Grad.off()) {
                gamma.fill_(LAYER_SCALE);
            }
        }
    }

    private static final class Attention extends Module {
        private final Linear qkv = child("qkv", Linear.of(DIM, 3 * DIM));
        private final Linear proj = child("proj", Linear.of(DIM, DIM));

        @Override
        public Tensor forward(Tensor x) {
            Tensor all = qkv.forward(x); // [N, T, 3 * 384]
            Tensor q = heads(all, 0).mul(1 / Math.sqrt((double) DIM / HEADS)); // [N, 6, T, 64]
            Tensor weights = Functional.softmax(q.matmul(heads(all, 1).transpose(2, 3)), -1); // [N, 6, T, T]
            Tensor joined = weights.matmul(heads(all, 2)).transpose(1, 2); // [N, T, 6, 64]
            return seen(proj.forward(joined.flatten(2, 3))); // [N, T, 384]
        }

        private static Tensor heads(Tensor all, int part) {
            Tensor own = all.narrow(2, (long) part * DIM, DIM); // [N, T, 384]
            return own.reshape(own.size(0), own.size(1), HEADS, DIM / HEADS).transpose(1, 2); // [N, 6, T, 64]
        }
    }

    private static final class Mlp extends Module {
        private final Linear fc1 = child("fc1", Linear.of(DIM, 4 * DIM));
        private final GELU activation = GELU.of();
        private final Linear fc2 = child("fc2", Linear.of(4 * DIM, DIM));

        @Override
        public Tensor forward(Tensor x) {
            return seen(fc2.forward(activation.forward(fc1.forward(x))));
        }
    }
}
