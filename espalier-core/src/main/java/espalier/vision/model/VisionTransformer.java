package espalier.vision.model;

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
import espalier.tensor.Interpolation;
import espalier.tensor.ShapeException;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Vision transformer, small, with patches of 16 pixels and timm's parameter names. Pictures of other sizes than 224, in
 * whole patches, get position embeddings interpolated bicubically, in timm's way but without antialias.
 *
 * @paper Dosovitskiy et al. 2020, "An image is worth 16x16 words", equations 1 to 4; the small size is of Touvron et al.
 *     2020, "Training data-efficient image transformers", table 1
 */
final class VisionTransformer extends Backbone {
    private static final String PAPER =
            "Dosovitskiy et al. 2020, An image is worth 16x16 words," + " https://arxiv.org/abs/2010.11929";
    private static final int DIM = 384;
    private static final int HEADS = 6;
    private static final int DEPTH = 12;
    private static final int PATCH = 16;
    private static final int GRID = 14;
    private static final double EPS = 1e-6;

    private final Tensor classToken = parameter("cls_token", Tensor.zeros(1, 1, DIM));
    private final Tensor positions = parameter("pos_embed", Tensor.zeros(1, 1 + GRID * GRID, DIM));
    private final PatchEmbedding embedding = child("patch_embed", new PatchEmbedding());
    private final Sequential blocks;
    private final LayerNorm norm;
    private final Linear head;

    private VisionTransformer(int classes) {
        super(DIM, "head");
        var all = new ArrayList<Module>();
        for (int i = 0; i < DEPTH; i++) {
            all.add(new Block());
        }
        blocks = child("blocks", Sequential.of(all));
        norm = child("norm", LayerNorm.of(DIM).eps(EPS));
        head = child("head", Linear.of(DIM, classes));
    }

    static Architecture architecture() {
        return Architecture.of("vit-small-patch16-224", PAPER, VisionTransformer::new);
    }

    /** The class token and one token for each patch. @shape {@code [N, 3, H, W]} to {@code [N, 1 + h w, 384]} */
    @Override
    public Tensor features(Tensor x) {
        return norm.forward(blocks.forward(tokens(x)));
    }

    private Tensor tokens(Tensor x) {
        Tensor patches = embedding.forward(x); // [N, 384, H / 16, W / 16]
        long height = patches.size(2);
        long width = patches.size(3);
        x = patches.flatten(2, 3).transpose(1, 2); // [N, h w, 384]
        return Functional.padConstant(x, 0, 0, 0, 1, 0).add(start(height, width)); // [N, 1 + h w, 384]
    }

    /** What is added to the patches behind a token of zeros: the class token and all positions. */
    private Tensor start(long height, long width) {
        Tensor first = positions.narrow(1, 0, 1).add(classToken); // [1, 1, 384]
        Tensor others = positions.narrow(1, 1, GRID * GRID); // [1, 196, 384]
        if (height != GRID || width != GRID) {
            Tensor grid = others.transpose(1, 2).reshape(1, DIM, GRID, GRID);
            Tensor other = Interpolation.bicubic(grid, height, width); // [1, 384, h, w]
            others = other.flatten(2, 3).transpose(1, 2); // [1, h w, 384]
        }
        return Tensor.cat(List.of(first, others), 1);
    }

    @Override
    public Tensor classify(Tensor features) {
        return head.forward(features.select(1, 0)); // [N, classes]
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
        private final Conv2d proj = child("proj", Conv2d.of(3, DIM, PATCH).stride(PATCH));

        @Override
        public Tensor forward(Tensor x) {
            return seen(proj.forward(x));
        }
    }

    /** Attention between tokens, then two layers for each token, both normed and beside shortcuts. */
    private static final class Block extends Module {
        private final LayerNorm norm1 = child("norm1", LayerNorm.of(DIM).eps(EPS));
        private final Attention attention = child("attn", new Attention());
        private final LayerNorm norm2 = child("norm2", LayerNorm.of(DIM).eps(EPS));
        private final Mlp mlp = child("mlp", new Mlp());

        @Override
        public Tensor forward(Tensor x) {
            x = x.add(attention.forward(norm1.forward(x)));
            return seen(x.add(mlp.forward(norm2.forward(x)))); // [N, T, 384]
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
