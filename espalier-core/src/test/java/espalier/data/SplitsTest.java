package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.data.Splits.Part;
import espalier.item.Item;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitsTest {
    private final List<Item> items = new ArrayList<>();
    private final List<List<String>> labels = new ArrayList<>();

    private void add(int count, String... label) {
        for (int i = 0; i < count; i++) {
            String id = String.join("+", label) + "/" + i + ".jpg";
            items.add(new Item(id, Path.of(id)));
            labels.add(List.of(label));
        }
    }

    private long count(List<Part> parts, Part part, String label) {
        long count = 0;
        for (int i = 0; i < parts.size(); i++) {
            count += parts.get(i) == part && labels.get(i).contains(label) ? 1 : 0;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42})
    void stratified_givesEachPartItsShareOfEveryClass(long seed) {
        add(500, "cat");
        add(50, "dog");
        add(10, "eel");

        var parts = Splits.stratified(0.2, 0.1).seed(seed).split(items, labels);

        assertThat(count(parts, Part.VALID, "cat")).isEqualTo(100);
        assertThat(count(parts, Part.TEST, "cat")).isEqualTo(50);
        assertThat(count(parts, Part.VALID, "dog")).isBetween(9L, 11L);
        assertThat(count(parts, Part.TEST, "dog")).isBetween(4L, 6L);
        assertThat(count(parts, Part.VALID, "eel")).isBetween(1L, 3L);
        assertThat(count(parts, Part.TEST, "eel")).isBetween(1L, 2L);
        assertThat(Splits.stratified(0.2, 0.1).seed(seed).split(items, labels)).isEqualTo(parts);
        assertThat(Splits.stratified(0.2, 0.1).seed(seed + 1).split(items, labels))
                .isNotEqualTo(parts);
    }

    @Test
    void stratified_keepsARareClassForTraining() {
        add(100, "cat");
        for (int i = 0; i < 20; i++) {
            add(1, "rare " + i);
        }
        var parts = Splits.stratified(0.4, 0.4).split(items, labels);
        for (int i = 0; i < 20; i++) {
            assertThat(count(parts, Part.TRAIN, "rare " + i)).isEqualTo(1);
        }
    }

    @Test
    void stratified_ofTagsKeepsToTheSharesAlthoughCombinationsAreRare() {
        for (int i = 0; i < 200; i++) {
            add(1, "tag " + i % 7, "tag " + (7 + i % 11), "tag " + (20 + i % 13));
        }
        var parts = Splits.stratified(0.25).split(items, labels);
        assertThat(Collections.frequency(parts, Part.VALID)).isBetween(48, 52);
        for (int tag = 0; tag < 7; tag++) {
            assertThat(count(parts, Part.VALID, "tag " + tag) / 28.5).isCloseTo(0.25, within(0.1));
        }
    }

    @Test
    void stratified_neverTearsAGroupApart() {
        for (int patient = 0; patient < 60; patient++) {
            for (int i = 0; i <= patient % 4; i++) {
                String id = patient + "-" + i;
                items.add(new Item(id, Path.of(id)).key("patient " + patient));
                labels.add(List.of(patient % 3 == 0 ? "ill" : "well"));
            }
        }
        var parts = Splits.stratified(0.2, 0.2).split(items, labels);
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i).key().equals(items.get(i - 1).key())) {
                assertThat(parts.get(i)).isEqualTo(parts.get(i - 1));
            }
        }
        assertThat(Collections.frequency(parts, Part.VALID) / (double) parts.size())
                .isCloseTo(0.2, within(0.03));
    }

    @Test
    void random_ofTwoSharesStaysWhenItemsAreAdded() {
        add(1_000, "cat");
        var split = Splits.random(0.2, 0.1).seed(42);
        var before = split.split(items, labels);
        assertThat(Collections.frequency(before, Part.VALID)).isBetween(160, 240);
        assertThat(Collections.frequency(before, Part.TEST)).isBetween(70, 130);
        add(1_000, "dog");
        assertThat(split.split(items, labels).subList(0, 1_000)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0.5, 0.5", "0.2, -0.1"})
    void sharesThatLeaveNothing_areRefused(double valid, double test) {
        assertThatThrownBy(() -> Splits.random(valid, test)).hasMessageContaining("share");
        assertThatThrownBy(() -> Splits.stratified(valid, test)).hasMessageContaining("share");
    }
}
