package espalier.text;

import static espalier.testing.TensorAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.format.ModelFileException;
import espalier.loss.Losses;
import espalier.nn.Module;
import espalier.optim.Optimizers;
import espalier.optim.ParameterGroup;
import espalier.optim.Rates;
import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import espalier.token.Tokenizers;
import espalier.token.Vocabulary;
import espalier.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The AWD-LSTM against fastai, see {@code tools/golden/make_awd.py}; and ULMFiT's two halves from end to end. */
@ExtendWith(NoLeaks.class)
class AwdLstmTest {
    private static final Golden GOLDEN = Golden.load("text/awd");
    private static final AwdLstm.Sizes SIZES = new AwdLstm.Sizes(11, 1, 4, 6, 3);
    private static final double TOLERANCE = 2e-5;

    private static Tensor tensor(String name) {
        return GOLDEN.dtype(name).equals("int64")
                ? Tensor.of(GOLDEN.longs(name), GOLDEN.shape(name))
                : Tensor.of(GOLDEN.floats(name), GOLDEN.shape(name));
    }

    /** fastai enters the vectors two or three times under different names. */
    private static <M extends Module> M filled(M module, String name) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        module.stateDict().keySet().forEach(key -> weights.put(key, tensor(name + "/param/" + key)));
        module.loadStateDict(weights);
        return module;
    }

    private static void step(Module module, Tensor loss) {
        loss.backward();
        try (var optimizer = Optimizers.sgd()
                .momentum(0)
                .create(List.of(
                        ParameterGroup.of(List.copyOf(module.parameters().values()))
                                .lr(0.5)))) {
            optimizer.step();
        }
    }

    private static void assertAfter(Module module, String name) {
        module.parameters()
                .forEach((key, value) ->
                        assertThat(value).as(key).isCloseTo(GOLDEN.doubles(name + "/after/" + key), TOLERANCE));
    }

    @Test
    void languageModel_equalsFastai_andGoesOnFromItsStates() {
        try (var model = filled(new LanguageModel(SIZES, AwdLstm.Dropouts.NONE), "lm");
                var off = Grad.off()) {
            model.eval();
            Tensor x = tensor("lm/x");
            Tensor states = model.encoder().forward(x.narrow(1, 0, 5));
            assertThat(model.scores(states)).hasShape(2, 5, 11).isCloseTo(GOLDEN.doubles("lm/scores"), TOLERANCE);
            assertThat(model.forward(x).mean().item()).isCloseTo(GOLDEN.doubles("lm/loss")[0], within(TOLERANCE));
            Tensor second = tensor("lm/second");
            assertThat(model.forward(second).mean().item())
                    .isCloseTo(GOLDEN.doubles("lm/second_loss")[0], within(TOLERANCE));
            model.restart();
            assertThat(model.forward(second).mean().item())
                    .isNotCloseTo(GOLDEN.doubles("lm/second_loss")[0], within(1e-4));
            model.restart();
        }
    }

    @Test
    void languageModel_oneStepWithActivationRegularisation_equalsFastai() {
        try (var model = filled(new LanguageModel(SIZES, AwdLstm.Dropouts.NONE), "lm")) {
            Tensor loss = model.forward(tensor("lm/x")).mean();
            assertThat(loss.item()).isCloseTo(GOLDEN.doubles("lm/step_loss")[0], within(TOLERANCE));
            step(model, loss);
            assertAfter(model, "lm");
            model.restart();
        }
    }

    @Test
    void classifier_andOneStep_equalFastai() {
        try (var model = filled(new AwdClassifier(SIZES, 0, 3), "classifier")) {
            Tensor x = tensor("classifier/x");
            model.eval();
            assertThat(model.forward(x)).hasShape(5, 3).isCloseTo(GOLDEN.doubles("classifier/y"), TOLERANCE);
            model.train();
            Tensor loss = Losses.crossEntropy().loss(model.forward(x), tensor("classifier/target"));
            assertThat(loss.item()).isCloseTo(GOLDEN.doubles("classifier/step_loss")[0], within(TOLERANCE));
            step(model, loss);
            assertAfter(model, "classifier");
        }
    }

    @Test
    void dropouts_dropWholeTokens_theSameNumbersAtEachStep_andWeights() {
        var dropouts = new AwdLstm.Dropouts(0, 0, 0.5, 0, 0);
        try (var encoder = new AwdLstm(SIZES, dropouts)) {
            encoder.seed(Rng.of(1));
            Tensor ones = Tensor.ones(3, 5, 8);
            Tensor dropped = AwdLstm.steady(ones, 0.5, encoder, Rng.of(3));
            Tensor first = dropped.narrow(1, 0, 1);
            assertThat(dropped).isCloseTo(first.expand(3, 5, 8), 0);
            assertThat(dropped.mean().item()).isBetween(0.5, 1.5);
            assertThat(dropped.amax(true, 0, 1, 2).item()).isEqualTo(2);
            encoder.eval();
            assertThat(AwdLstm.steady(ones, 0.5, encoder, Rng.of(3))).isCloseTo(ones, 0);
        }
        try (var encoder = new AwdLstm(SIZES, new AwdLstm.Dropouts(0, 0, 0, 0.9, 0)).reset(Rng.of(5))) {
            var model = (AwdLstm) encoder;
            model.seed(Rng.of(2));
            Tensor x = Tensor.of(new long[] {2, 3, 4, 2}, 1, 4);
            Tensor inTraining = model.forward(x);
            model.eval();
            assertThat(inTraining.sub(model.forward(x)).abs().mean().item()).isGreaterThan(1e-4);
        }
    }

    private static Field field(List<String> texts) {
        var field = Field.text().lower().tokenize(Tokenizers.words()).initToken("xxbos");
        return field.buildVocabulary(() -> texts.stream().map(field::preprocess).iterator(), 1_000, 1);
    }

    private static List<String> sentences(int n) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            var rng = Rng.of(i);
            String who = List.of("the cat", "the dog", "my aunt").get((int) (3 * rng.uniform()));
            String how = rng.uniform() < 0.5 ? "likes milk a lot" : "hates rain so much";
            texts.add(who + " " + how);
        }
        return texts;
    }

    @Test
    void languageModel_thenClassifier_learn(@TempDir Path folder) {
        var texts = sentences(200);
        var architecture = TextArchitecture.awdLstm()
                .encoder(new AwdEncoder(24, 2))
                .embedding(16)
                .dropout(0.1);
        Path file = folder.resolve("lm.safetensors");
        double before;
        double after;
        var language = LanguageLearner.of(field(texts), texts.subList(0, 160), texts.subList(160, 200))
                .rows(8)
                .steps(10);
        try (var learner = language.learner(architecture)) {
            before = learner.validate().loss().orElseThrow();
            learner.fitOneCycle(12, Rates.of(2e-2));
            after = learner.validate().loss().orElseThrow();
            learner.export(file);
        }
        assertThat(before).isBetween(2.5, 3.5); // about the logarithm of the vocabulary's size
        assertThat(after).isLessThan(1.0); // who, and which of two sentences, is all that is unknown

        List<String> labels = texts.stream()
                .map(text -> text.contains("milk") ? "good" : "bad")
                .toList();
        var parts = LabelledTexts.of(texts, labels).split(1, 0.3, 0);
        var encoder = PretrainedEncoder.load(file);
        var loaders = TextLoaders.of(parts, encoder.field()).batchSize(16).loaders();
        Path model = folder.resolve("classifier.safetensors");
        float[] trained;
        // a predictor computes in float32, so the learner must
        try (var learner = TextLearner.of(loaders, encoder.architecture()).precision(Precision.FLOAT32)) {
            encoder.fill(learner);
            learner.freezeTo(-1);
            learner.fitOneCycle(2, Rates.of(2e-2));
            learner.unfreeze();
            learner.fitOneCycle(3, Rates.range(1e-3, 1e-2));
            assertThat(learner.validate().loss().orElseThrow()).isLessThan(0.3);
            trained = TextLoaders.probabilities(learner, learner.loaders().valid())[0];
            learner.export(model);
        }
        try (var predictor = espalier.predict.Predictor.load(model)) {
            assertThat(predictor.predictText(parts.valid().texts().get(0)).probabilities())
                    .containsExactly(trained, org.assertj.core.data.Offset.offset(1e-4f));
            assertThat(predictor.predictText("the cow likes milk a lot").label())
                    .isEqualTo("good");
        }
        assertThatThrownBy(() -> PretrainedEncoder.load(model))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("not a language model");
    }

    @Test
    void fastaisFile_fillsAClassifier_withNewTokensByTheMean(@TempDir Path folder) throws IOException {
        List<String> theirs = List.of("xxunk", "xxpad", "xxbos", "a", "b", "c", "d", "e", "f", "g", "h");
        Path tokens = Files.write(folder.resolve("itos.txt"), theirs);
        Path pth = Path.of("src/test/resources/golden/text/awd.pth");
        var vocabulary = Vocabulary.of(List.of("<unk>", "<pad>", "c", "new", "a"), 2);
        var field = Field.text().tokenize(Tokenizers.whitespace()).vocabulary(vocabulary);
        var encoder = PretrainedEncoder.fastai(pth, tokens, field);
        assertThat(encoder.architecture().embedding()).isEqualTo(4);
        assertThat(encoder.architecture().encoder()).isEqualTo(new AwdEncoder(6, 3));
        var parts = LabelledTexts.of(
                        List.of("a c", "c a", "a a", "c c", "a new", "c new"), List.of("x", "y", "x", "y", "x", "y"))
                .split(1, 0.3, 0);
        float[] theirTable = GOLDEN.floats("lm/param/0.encoder.weight");
        try (var learner = TextLearner.of(TextLoaders.of(parts, field).loaders(), encoder.architecture());
                var scope = Scope.open()) {
            encoder.fill(learner);
            var weights = learner.model().stateDict();
            var table = weights.get("0.module.encoder.weight");
            assertThat(table).isNotNull().hasShape(5, 4);
            float[] own = table.toFloatArray();
            assertThat(java.util.Arrays.copyOfRange(own, 8, 12))
                    .containsExactly(java.util.Arrays.copyOfRange(theirTable, 20, 24)); // c
            double mean = 0;
            for (int row = 0; row < 11; row++) {
                mean += theirTable[4 * row] / 11.0;
            }
            assertThat(own[12]).isCloseTo((float) mean, within(1e-6f)); // new
            assertThat(weights.get("0.module.rnns.1.weight_hh_l0_raw"))
                    .isNotNull()
                    .isCloseTo(GOLDEN.doubles("lm/param/0.rnns.1.weight_hh_l0_raw"), 0);
        }
        Files.write(tokens, theirs.subList(0, 5));
        assertThatThrownBy(() -> PretrainedEncoder.fastai(pth, tokens, field))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("11 tokens")
                .hasMessageContaining("5 lines");
    }
}
