package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.RunOptions;
import espalier.interpret.ThresholdSearch.Score;
import espalier.vision.Views;
import espalier.vision.model.Head;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeTest {
    @Test
    void optionsOfAModelFile_giveTheRecipeBack() {
        var standard = Recipe.standard();
        assertThat(standard.asOptions()).isEmpty();
        for (var recipe : List.of(
                standard,
                standard.head(Head.of(512, 128).norm().dropout(0.4)).freezeBody(true),
                standard.head(Head.fastai()).views(Views.random(3)),
                standard.views(Views.plain()).classWeights(Balance.even()),
                standard.classWeights(Balance.all(3)),
                standard.sampler(Balance.of(Map.of("a b", 2.5, "c", 1.0))),
                standard.budget(Duration.ofMinutes(2)),
                standard.thresholds(Thresholds.of(0.2)),
                standard.thresholds(Thresholds.named("each").score(Score.named("f1_macro"))))) {
            assertThat(Recipe.like(new RunOptions(recipe.asOptions()))).isEqualTo(recipe);
        }
    }

    @Test
    void thresholds_areANumberOrSearched() {
        assertThat(Thresholds.named("0.2")).isEqualTo(Thresholds.of(0.2)).hasToString("0.2");
        assertThat(Thresholds.named("auto")).isEqualTo(Thresholds.auto()).hasToString("auto");
        assertThat(Thresholds.named("each")).hasToString("each");
        assertThatThrownBy(() -> Thresholds.named("20")).hasMessageContaining("per cent");
        assertThatThrownBy(() -> Thresholds.named("low")).hasMessageContaining("auto, each or a number");
        assertThatThrownBy(() -> Thresholds.of(0.2).score(Score.named("f1_macro")))
                .hasMessageContaining("auto");
    }

    @Test
    void budget_isALinearHeadOnTwoViewsUnlessToldOtherwise() {
        var recipe = Recipe.standard().budget(Duration.ofSeconds(30));
        assertThat(recipe.chosenHead()).isEqualTo(Head.linear().pool(Head.Pool.CONCAT));
        assertThat(recipe.chosenViews()).contains(Views.withMirror());
        assertThat(recipe.views(Views.plain()).chosenViews()).contains(Views.plain());
        assertThat(Recipe.standard().chosenViews()).isEmpty();
        assertThat(Recipe.standard().freezeBody(true).chosenViews()).contains(Views.withMirror());
        assertThatThrownBy(() -> Recipe.standard().budget(Duration.ZERO)).hasMessageContaining("a second or more");
    }

    @Test
    void balance_weighsClassesAsScikitLearnDoes() {
        var classes = List.of("a", "b");
        assertThat(Balance.even().weights(classes, 30, 10)).containsExactly(40.0 / 60, 2);
        assertThat(Balance.named("b=3").weights(classes, 30, 10)).containsExactly(1, 3);
        assertThat(Balance.none().weights(classes, 30, 10)).containsExactly(1, 1);
        assertThat(Balance.named("3").weights(classes, 30, 10)).containsExactly(3, 3);
        assertThat(Balance.named("3").isNone()).isFalse();
        assertThat(Balance.named("1").isNone()).isTrue();
        assertThatThrownBy(() -> Balance.named("many")).hasMessageContaining("a number or numbers such as cat=2");
        assertThatThrownBy(() -> Balance.named("c=3").weights(classes, 1, 1)).hasMessageContaining("no class c");
        assertThatThrownBy(() -> Balance.named("a=-1")).hasMessageContaining("0 or more");
        assertThat(Balance.uneven(15, 10)).isTrue();
        assertThat(Balance.uneven(14, 10)).isFalse();
    }
}
