package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.data.Splits.Part;
import espalier.item.Item;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names by which people call the parts of a data set. */
class PartNamesTest {
    @Test
    void part_isKnownByAnyUsualNameInAnyCase() {
        assertThat(Part.named("Training")).contains(Part.TRAIN);
        assertThat(Part.named("DEV")).contains(Part.VALID);
        assertThat(Part.named("holdout")).contains(Part.TEST);
        assertThat(Part.named("cat")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TRAIN, training_set Train2017 seg_train train-jpg trn trainset",
        "VALID, VAL val2017 Validation development devel valid_images",
        "TEST, test_set seg_test test1 tst hold-out Hold_Out eval Evaluation testing"
    })
    void part_isKnownWithWordsThatSayNoMoreThanThatItIsOne(Part part, String names) {
        assertThat(names.split(" "))
                .allSatisfy(name -> assertThat(Part.named(" " + name)).as(name).contains(part));
        assertThat(Stream.of("trainer", "retrain", "testarossa", "valley", "dev kit", "set", "training wheels"))
                .allSatisfy(name -> assertThat(Part.named(name)).as(name).isEmpty());
    }

    @Test
    void validation_isDrawnFromTrainingWhereNoFolderIsForIt_andTestIsLeftAlone() {
        var items = Stream.of("Training", "Testing")
                .flatMap(part -> IntStream.range(0, 20).mapToObj(i -> part + "/cat/" + i + ".jpg"))
                .map(id -> new Item(id, Path.of(id)))
                .toList();
        var labels = items.stream().map(item -> List.of("cat")).toList();
        var parts = Splits.validFromTraining(Splits.random(0.2)).split(items, labels);
        assertThat(parts.subList(0, 20)).contains(Part.VALID, Part.TRAIN).doesNotContain(Part.TEST);
        assertThat(parts.subList(20, 40)).containsOnly(Part.TEST);
    }
}
