package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagesTest {
    private static final String PLANET = """
            [{"freeze": true, "epochs": 5, "lr": 1e-2, "size": 128, "save": "stage-1"},
             {"freeze": false, "epochs": 5, "lr": [1e-5, 2e-3]},
             {"freeze": true, "epochs": 4, "lr": 5e-3, "size": 256, "batch_size": 16},
             {"freeze": false, "epochs": 3, "lr": [1e-5, 1e-4, 1e-3], "schedule": "step:every=2,factor=0.1"}]
            """;

    @Test
    void plan_hasACycleForEachStage() {
        var plan = Stages.parse(PLANET).plan(3);
        assertThat(plan).extracting(cycle -> cycle.name()).containsExactly("frozen", "unfrozen", "frozen", "unfrozen");
        assertThat(plan).extracting(cycle -> cycle.epochs()).containsExactly(5, 5, 4, 3);
        assertThat(plan).extracting(cycle -> cycle.freezeTo()).containsExactly(2, 0, 2, 0);
        assertThat(plan.get(0).rates()).containsExactly(1e-2, 1e-2, 1e-2);
        assertThat(plan.get(1).rates().get(0)).isEqualTo(1e-5);
        assertThat(plan.get(1).rates().get(2)).isEqualTo(2e-3);
        assertThat(plan.get(3).rates()).containsExactly(1e-5, 1e-4, 1e-3);
        assertThat(plan.get(0).policy().text()).startsWith("one-cycle");
        assertThat(plan.get(3).policy().text()).startsWith("step");
    }

    @Test
    void sizes_stayUntilAStageSaysOtherwise() {
        var stages = Stages.parse(PLANET);
        var given = PictureOptions.standard();
        assertThat(stages.pictures(given)).extracting(PictureOptions::size).containsExactly(128, 128, 256, 256);
        assertThat(stages.pictures(given).get(1).batchSize()).isEmpty();
        assertThat(stages.last(given).batchSize()).contains(16);
        assertThat(Stages.parse("[{\"freeze\": true, \"epochs\": 1, \"lr\": 1}]")
                        .startingWith(96)
                        .firstSize())
                .contains(96);
        assertThat(stages.startingWith(96).firstSize()).contains(128);
    }

    @Test
    void files_standBesideTheFinalOne() {
        var stages = Stages.parse(PLANET);
        assertThat(stages.file(0, Path.of("models", "planet.safetensors")))
                .contains(Path.of("models", "stage-1.safetensors"));
        assertThat(stages.file(1, Path.of("planet.safetensors"))).isEmpty();
    }

    @Test
    void text_readsAsTheSame() {
        var stages = Stages.parse(PLANET);
        assertThat(stages.toText()).doesNotContain("\n");
        assertThat(Stages.parse(stages.toText())).isEqualTo(stages);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"freeze\": true}; received OBJECT",
                "[]; there is no stage",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": 1},{\"epochs\": 1, \"lr\": 1}]; stage 2: freeze needs true or false, received nothing",
                "[{\"freeze\": true, \"epochs\": 0, \"lr\": 1}]; stage 1: epochs is 0, expected 1 or more",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": \"x\"}]; lr needs a number, or a list of numbers, received \"x\"",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": []}]; lr needs",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": -1}]; must be positive",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": 1, \"rate\": 2}]; \"rate\" is none of freeze, epochs",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": 1, \"size\": 2}]; size is 2, expected 8 to 4096",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": 1, \"save\": \"../x\"}]; save is",
                "[{\"freeze\": true, \"epochs\": 1, \"lr\": 1, \"schedule\": \"zigzag\"}]; zigzag",
                "[{\"freeze\" true}]; a list in JSON",
            })
    void whatIsNoStage_isTold(String json, String message) {
        assertThatThrownBy(() -> Stages.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .message()
                .satisfies(text -> assertThat(List.of(text.split("Maybe"))).hasSizeGreaterThan(1));
    }
}
