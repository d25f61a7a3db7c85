package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TagHintTest {
    @Test
    void labelsMadeOfOthersWords_lookLikeTags() {
        assertThat(TagHint.of(List.of("animal", "animal domestic", "domestic carnivore", "carnivore animal domestic")))
                .hasValueSatisfying(
                        hint -> assertThat(hint).startsWith("3 of 4 labels").contains("'animal domestic'", "--tags"));
        assertThat(TagHint.of(List.of("red;blue", "blue", "red"))).isPresent();
    }

    @Test
    void namesOfSeveralWords_doNot() {
        assertThat(TagHint.of(List.of("cat", "dog", ""))).isEmpty();
        assertThat(TagHint.of(List.of("golden retriever", "labrador retriever", "german shepherd")))
                .isEmpty();
    }
}
