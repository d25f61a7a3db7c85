package espalier.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final List<String> SPECIALS = List.of("<unk>", "<pad>");

    private static Vocabulary.Counter counted() {
        return Vocabulary.counter().add(List.of("b", "a", "b", "c")).add(List.of("😍", "a", "c", "b", "d"));
    }

    @Test
    void build_sortsByFrequencyThenAlphabet() {
        var vocabulary = counted().build(100, 1, SPECIALS);
        assertThat(vocabulary.itos()).containsExactly("<unk>", "<pad>", "b", "a", "c", "d", "😍");
        assertThat(vocabulary.frequencies()).isEqualTo(Map.of("b", 3L, "a", 2L, "c", 2L, "d", 1L, "😍", 1L));
        assertThat(vocabulary.mostCommon(2)).containsExactly("b", "a");
        assertThat(vocabulary.stoi("a")).isEqualTo(3);
        assertThat(vocabulary.itos(3)).isEqualTo("a");
    }

    @Test
    void build_countsSpecialsBeyondTheSize() {
        assertThat(counted().build(2, 1, SPECIALS).itos()).containsExactly("<unk>", "<pad>", "b", "a");
        assertThat(counted().build(100, 2, SPECIALS).itos()).containsExactly("<unk>", "<pad>", "b", "a", "c");
        assertThat(counted().build(100, 1, List.of("c")).itos()).containsExactly("c", "b", "a", "d", "😍");
    }

    @Test
    void stoi_givesTheFirstSpecialForUnknownTokens() {
        var vocabulary = counted().build(100, 2, SPECIALS);
        assertThat(vocabulary.indices(List.of("b", "zebra", "d"))).containsExactly(2, 0, 0);
        assertThat(vocabulary.contains("zebra")).isFalse();
        var closed = counted().build(100, 1, List.of());
        assertThatThrownBy(() -> closed.stoi("zebra")).hasMessageContaining("does not know zebra");
    }

    @Test
    void of_takesTokensInTheirOrder() {
        var vocabulary = Vocabulary.of(List.of("<unk>", "b", "a"), 1);
        assertThat(vocabulary.indices(List.of("a", "b", "c"))).containsExactly(2, 1, 0);
        assertThat(vocabulary.size()).isEqualTo(3);
        assertThatThrownBy(() -> Vocabulary.of(List.of("a", "a"), 0)).hasMessageContaining("twice");
    }

    @Test
    void build_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> counted().build(-1, 1, SPECIALS)).hasMessageContaining("-1 and 1");
        assertThatThrownBy(() -> counted().build(10, 0, SPECIALS)).hasMessageContaining("10 and 0");
        assertThatThrownBy(() -> counted().build(10, 1, List.of("a", "a"))).hasMessageContaining("twice");
    }

    @Test
    void C12_counter_forgetsTheRarestWhenTheyAreTooMany() {
        var counter = Vocabulary.counter(1_000);
        for (int i = 0; i < 20_000; i++) {
            counter.add(List.of("often", "rare" + i));
        }
        assertThat(counter.forgotten()).isPositive();
        var vocabulary = counter.build(10, 2, SPECIALS);
        assertThat(vocabulary.mostCommon(1)).containsExactly("often");
        assertThat(vocabulary.frequencies().get("often")).isEqualTo(20_000);
        assertThat(counter.build(Integer.MAX_VALUE, 1, List.of()).size()).isLessThanOrEqualTo(1_000);
        assertThat(counted().forgotten()).isZero();
    }
}
