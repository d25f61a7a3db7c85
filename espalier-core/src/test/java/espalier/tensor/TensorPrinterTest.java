package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.DType;
import espalier.testing.NoLeaks;
import espalier.testing.plain.Golden;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(NoLeaks.class)
class TensorPrinterTest {
    private static final Golden GOLDEN = Golden.load("tensor/printing");

    static Stream<String> cases() {
        return GOLDEN.value("/prints")
                .valueStream()
                .map(print -> print.get("name").asString());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void text_equalsPyTorchs(String name) {
        var print = GOLDEN.value("/prints")
                .valueStream()
                .filter(p -> p.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
        var tensor = tensor(print);
        tensor.requiresGrad(print.get("requires_grad").asBoolean());
        assertThat(tensor.toString()).isEqualTo(print.get("text").asString());
    }

    private static Tensor tensor(JsonNode print) {
        var spec = print.get("tensor");
        long[] shape = Golden.longs(spec.get("shape"));
        var dtype = DType.valueOf(spec.get("dtype").asString().toUpperCase(Locale.ROOT));
        if (!print.has("formula")) {
            return Tensor.of(Golden.doubles(spec.get("data")), shape).to(dtype);
        }
        double factor = Double.parseDouble(print.get("formula").asString().replace("arange * ", ""));
        return Tensor.arange(0, Shape.of(shape).numel())
                .to(DType.FLOAT64)
                .mul(factor)
                .reshape(shape)
                .to(dtype);
    }

    @Test
    void text_namesHowItWasComputed() {
        var x = Tensor.scalar(1.5).requiresGrad(true);
        assertThat(x.mul(x).toString()).isEqualTo("tensor(2.2500, grad_fn=<MulBackward0>)");
    }
}
