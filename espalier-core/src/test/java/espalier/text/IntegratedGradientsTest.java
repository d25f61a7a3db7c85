package espalier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.rng.Rng;
import espalier.tensor.Grad;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import espalier.testing.NoLeaks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class IntegratedGradientsTest {
    /** The paper's axiom: what all tokens do is the score of the texts less that of texts of zeros. */
    @Test
    void tokens_togetherMakeTheScore_lessThatOfZeros() {
        for (var architecture : List.of(
                TextArchitecture.bag().embedding(6),
                TextArchitecture.cnn().embedding(6),
                TextArchitecture.gru().embedding(6),
                TextArchitecture.awdLstm().embedding(6))) {
            try (var scope = Scope.open();
                    var network = architecture.network(9, 1, 3).reset(Rng.of(7)).eval()) {
                var gradients = IntegratedGradients.of(network);
                var ids = Tensor.of(new long[] {2, 3, 4, 5, 6, 7, 2, 2, 8, 4, 1, 1}, 2, 6);
                var before = network.parameters().values().iterator().next().toFloatArray();
                double[] own = gradients.ofTokens(ids, 1);
                assertThat(own).hasSize(9);
                assertThat(own[0]).as("a token that no text has").isZero();
                assertThat(own[1]).as("padding").isZero();
                double score;
                double zeros;
                try (var off = Grad.off()) {
                    score = gradients.score(ids, 1).item();
                    var weight = network.parameters().entrySet().stream()
                            .filter(one -> one.getKey().endsWith("embedding.weight")
                                    || one.getKey().endsWith("encoder.weight"))
                            .findFirst()
                            .orElseThrow()
                            .getValue();
                    assertThat(network.parameters().values().iterator().next().toFloatArray())
                            .as("the weights are as before")
                            .isEqualTo(before);
                    weight.copy_(Tensor.zeros(weight.shape().sizes()));
                    zeros = gradients.score(ids, 1).item();
                }
                assertThat(Arrays.stream(own).sum())
                        .as(architecture.name())
                        .isNotZero()
                        .isCloseTo(score - zeros, within(0.02 * Math.abs(score - zeros) + 1e-4));
            }
        }
    }
}
