package espalier.examples.book;

import espalier.format.DType;
import espalier.loss.Losses;
import espalier.nn.Embedding;
import espalier.nn.Linear;
import espalier.nn.Lstm;
import espalier.nn.Module;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.rng.Rng;
import espalier.tensor.Functional;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.token.Tokenizers;
import espalier.token.Vocabulary;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Chapter 11: words become numbers, numbers vectors, and a network reads them one after the other. */
final class Sequences {
    private Sequences() {}

    static void run(Stage stage, PrintStream print) {
        words(print);
        embedding(print);
        cell(print);
        padding(print);
        order(print);
    }

    private static void words(PrintStream print) {
        // region words
        var tokens = Tokenizers.words().tokens("the dog bites the man");
        var vocabulary = Vocabulary.of(List.of("<unk>", "<pad>", "the", "dog", "bites", "man"), 2);
        var numbers = tokens.stream().map(vocabulary::stoi).toList();
        print.println(tokens + " " + numbers);
        print.println("cat: " + vocabulary.stoi("cat"));
        // endregion
    }

    private static void embedding(PrintStream print) {
        // region embedding
        try (var scope = Scope.open();
                var table = Embedding.of(6, 3);
                var off = Grad.off()) {
            table.reset(Rng.of(42));
            Tensor x = Tensor.of(new long[] {2, 3, 4, 2, 5}, 1, 5); // [N, T]
            Tensor vectors = table.forward(x); // [N, T, 3]
            print.println(vectors.shape());
            Tensor oneHot = Functional.oneHot(x, 6).to(vectors.dtype()); // [N, T, 6]
            Tensor rows = table.parameters().values().iterator().next(); // [6, 3], the only parameter
            Tensor product = oneHot.matmul(rows); // [N, T, 3]
            print.println(product.sub(vectors).abs().max().item());
        }
        // endregion
    }

    private static void cell(PrintStream print) {
        // region same
        try (var scope = Scope.open();
                var ours = new OurLstmCell(3, 4);
                var library = Lstm.of(3, 4);
                var off = Grad.off()) {
            ours.reset(Rng.of(42));
            Map<String, Tensor> weights = new LinkedHashMap<>(); // from_input.weight is weight_ih_l0, and so on
            ours.stateDict().forEach((name, value) -> {
                String own = name.startsWith("from_input") ? "_ih_l0" : "_hh_l0";
                weights.put(name.substring(name.indexOf('.') + 1) + own, value);
            });
            library.loadStateDict(weights);
            Tensor x = Tensor.randn(Rng.of(1), 2, 5, 3); // [N, T, in]
            Tensor last = library.run(x).hidden().select(0, 0); // [N, hidden]
            print.println(ours.forward(x).sub(last).abs().max().item() < 1e-6);
        }
        // endregion
    }

    private static void padding(PrintStream print) {
        // region padding
        try (var scope = Scope.open();
                var lstm = Lstm.of(3, 4);
                var off = Grad.off()) {
            Tensor x = Tensor.randn(Rng.of(1), 1, 2, 3); // two tokens
            Tensor padded = Tensor.cat(List.of(x, Tensor.zeros(1, 3, 3)), 1); // and three of padding
            Tensor right = lstm.run(x).hidden();
            Tensor wrong = lstm.run(padded).hidden();
            Tensor packed = lstm.runPacked(padded, Tensor.of(new long[] {2}, 1)).hidden();
            Tensor atItsEnd = lstm.run(padded).output().select(1, 1);
            print.println(wrong.sub(right).abs().max().item() > 0.01);
            print.println(packed.sub(right).abs().max().item() < 1e-6);
            print.println(atItsEnd.sub(right).abs().max().item() < 1e-6);
        }
        // endregion
    }

    // region reader
    /** Which of two words came first? */
    static final class Reader extends Module {
        private final Embedding embedding = child("embedding", Embedding.of(10, 8));
        private final OurLstmCell cell = child("cell", new OurLstmCell(8, 16));
        private final Linear head = child("head", Linear.of(16, 2));

        @Override
        public Tensor forward(Tensor x) { // [N, T]
            return head.forward(cell.forward(embedding.forward(x))); // [N, 2]
        }
    }
    // endregion

    // region bag
    /** The same question to the mean of the vectors. */
    static final class Bag extends Module {
        private final Embedding embedding = child("embedding", Embedding.of(10, 8));
        private final Linear head = child("head", Linear.of(8, 2));

        @Override
        public Tensor forward(Tensor x) { // [N, T]
            return head.forward(embedding.forward(x).mean(1)); // [N, 8] to [N, 2]
        }
    }
    // endregion

    private static void order(PrintStream print) {
        print.printf(Locale.ROOT, "in order: %.2f%n", learn(new Reader(), 60));
        print.printf(Locale.ROOT, "as a bag: %.1f%n", learn(new Bag(), 60));
    }

    // region learn
    /** Trains on sentences of six words with an 8 and a 9 in each; the share of others for which it knows which came first. */
    static double learn(Module model, int epochs) {
        try (model;
                var scope = Scope.open()) {
            model.reset(Rng.of(42));
            Tensor x = sentences(256, 1);
            var parameters = ParameterGroup.of(List.copyOf(model.parameters().values()));
            try (var optimizer = Optimizers.adam().create(List.of(parameters.lr(0.02)))) {
                for (int epoch = 0; epoch < epochs; epoch++) {
                    try (var step = Scope.open()) {
                        Losses.crossEntropy().loss(model.forward(x), answers(x)).backward();
                        optimizer.step();
                        optimizer.zeroGrad();
                    }
                }
            }
            try (var off = Grad.off()) {
                Tensor others = sentences(1_000, 2);
                return model.forward(others).argmax(1).eq(answers(others)).sum().item() / 1_000;
            }
        }
    }
    // endregion

    private static Tensor sentences(int count, long seed) {
        long[] tokens = new long[6 * count];
        var rng = Rng.of(seed);
        for (int i = 0; i < count; i++) {
            int[] places = rng.derive(i).permutation(6);
            for (int t = 0; t < 6; t++) {
                tokens[6 * i + t] = (long) (8 * rng.derive(i, t).uniform());
            }
            tokens[6 * i + places[0]] = 8;
            tokens[6 * i + places[1]] = 9;
        }
        return Tensor.of(tokens, count, 6);
    }

    /** 1 where the 9 comes before the 8. */
    private static Tensor answers(Tensor x) {
        Tensor eight = x.eq(8).to(DType.INT64).argmax(1);
        Tensor nine = x.eq(9).to(DType.INT64).argmax(1);
        return nine.lt(eight).to(DType.INT64); // [N]
    }
}
