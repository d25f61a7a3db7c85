package espalier.data;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.item.Item;
import espalier.rng.Rng;
import espalier.testing.plain.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /** 80 items of class a, then 20 of class b. */
    private static final Dataset UNEVEN = dataset(Stream.concat(
                    Collections.nCopies(80, List.of("a")).stream(), Collections.nCopies(20, List.of("b")).stream())
            .toList());

    private static Dataset dataset(List<List<String>> labels) {
        return new Dataset(
                IntStream.range(0, labels.size())
                        .mapToObj(i -> Item.of(Path.of("item" + i)))
                        .toList(),
                labels);
    }

    private static int[] counts(Sampler sampler, Dataset dataset, long seed) {
        int[] counts = new int[dataset.size()];
        int[] order = sampler.order(dataset, Rng.of(seed));
        assertThat(order).hasSize(sampler.count(dataset));
        Arrays.stream(order).forEach(place -> counts[place]++);
        return counts;
    }

    @Test
    void shuffled_takesEachItemOnce() {
        assertThat(counts(Sampler.shuffled(), UNEVEN, 1)).containsOnly(1);
        assertThat(Sampler.shuffled().order(UNEVEN, Rng.of(1)))
                .isNotEqualTo(Sampler.shuffled().order(UNEVEN, Rng.of(2)));
        assertThat(Sampler.inOrder().order(UNEVEN, Rng.of(1)))
                .isEqualTo(IntStream.range(0, 100).toArray());
    }

    @Test
    void balanced_takesAllLabelsAlikeAndNoItemFarTooOften() {
        for (long seed = 0; seed < 20; seed++) {
            int[] counts = counts(Sampler.balanced(), UNEVEN, seed);
            assertThat(Arrays.stream(counts).limit(80).sum()).isBetween(49, 51);
            assertThat(Arrays.stream(counts).limit(80)).allMatch(count -> count <= 1);
            assertThat(Arrays.stream(counts).skip(80)).allMatch(count -> count == 2 || count == 3);
        }
    }

    @Test
    void shares_decideHowOftenALabelComes() {
        int[] counts = counts(Sampler.byLabel(Map.of("a", 3.0)), UNEVEN, 3);
        assertThat(Arrays.stream(counts).limit(80).sum()).isBetween(74, 76);
    }

    @Test
    void tags_countAsTheRarest_andNoneAsALabelOfItsOwn() {
        var labels = new java.util.ArrayList<List<String>>(Collections.nCopies(40, List.of("common")));
        labels.addAll(Collections.nCopies(10, List.of("common", "rare")));
        labels.addAll(Collections.nCopies(10, List.<String>of()));
        int[] counts = counts(Sampler.balanced(), dataset(labels), 1);
        assertThat(Arrays.stream(counts).skip(40).limit(10).sum()).isBetween(20, 24);
        assertThat(Arrays.stream(counts).skip(50).sum()).isBetween(20, 24);
    }

    @Test
    void order_isMixedAndFollowsTheSeed() {
        int[] order = Sampler.balanced().order(UNEVEN, Rng.of(5));
        assertThat(order).isEqualTo(Sampler.balanced().order(UNEVEN, Rng.of(5)));
        assertThat(Arrays.stream(order).limit(50).filter(place -> place >= 80).count())
                .isBetween(15L, 35L);
    }

    /** The length of an item of {@link #UNEVEN}: its number's last digit. */
    private static int length(Item item) {
        return item.id().charAt(item.id().length() - 1) - '0';
    }

    @Test
    void buckets_bringItemsOfOneLengthTogetherAndTakeEachOnce() {
        var sampler = Sampler.buckets(SamplerTest::length, 8);
        assertThat(counts(sampler, UNEVEN, 1)).containsOnly(1);
        int[] order = sampler.order(UNEVEN, Rng.of(1));
        assertThat(order).isEqualTo(sampler.order(UNEVEN, Rng.of(1))).isNotEqualTo(sampler.order(UNEVEN, Rng.of(2)));
        int waste = 0;
        boolean shuffled = false;
        int before = -1;
        for (int b = 0; b < 12; b++) {
            int[] lengths = Arrays.stream(order, 8 * b, 8 * b + 8)
                    .map(place -> length(UNEVEN.items().get(place)))
                    .sorted()
                    .toArray();
            waste += lengths[7] - lengths[0];
            shuffled |= lengths[0] < before;
            before = lengths[0];
        }
        assertThat(waste).as("of at most 9 in each of 12 batches").isLessThanOrEqualTo(12);
        assertThat(shuffled).as("batches are not in the order of their lengths").isTrue();
    }

    @Test
    void buckets_sortWithinChunksOfAHundredBatches() {
        var many = dataset(Collections.nCopies(450, List.of("a")));
        int[] order = Sampler.buckets(SamplerTest::length, 2).order(many, Rng.of(1));
        var first = Rng.of(1).derive(-1).permutation(450);
        assertThat(Arrays.copyOf(order, 200)).containsExactlyInAnyOrder(Arrays.copyOf(first, 200));
        var small = dataset(Collections.nCopies(5, List.of("a")));
        assertThat(Sampler.buckets(SamplerTest::length, 8).order(small, Rng.of(3)))
                .hasSize(5);
    }

    /** {@code torchtext.data.iterator.pool}, but for the order of the batches of a chunk, which both shuffle. */
    @Test
    void buckets_areTorchtexts() {
        var golden = Golden.load("text/buckets");
        var order = golden.value("/order");
        var expected = golden.value("/batches");
        var many = dataset(Collections.nCopies(450, List.of("a")));
        int[] mine = Sampler.buckets(
                        item -> {
                            int number = Integer.parseInt(item.id().substring("item".length()));
                            return (number * number * 7 + 3) % 23;
                        },
                        2)
                .order(many, Rng.of(1));
        int[] drawn = Rng.of(1).derive(-1).permutation(450);
        assertThat(order).hasSize(450);
        for (int i = 0; i < drawn.length; i++) {
            assertThat(order.get(i).asInt())
                    .as("what torchtext was asked about")
                    .isEqualTo(drawn[i]);
        }
        assertThat(expected).hasSize(225);
        boolean shuffled = false;
        for (int from = 0; from < 225; from += 100) {
            var theirs = new ArrayList<List<Integer>>();
            var ours = new ArrayList<List<Integer>>();
            for (int b = from; b < Math.min(225, from + 100); b++) {
                theirs.add(List.of(
                        expected.get(b).get(0).asInt(), expected.get(b).get(1).asInt()));
                ours.add(List.of(mine[2 * b], mine[2 * b + 1]));
            }
            assertThat(ours).containsExactlyInAnyOrderElementsOf(theirs);
            shuffled |= !ours.equals(theirs);
        }
        assertThat(shuffled).isTrue();
    }

    @Test
    void byLength_takesTheShortestFirst() {
        int[] order = Sampler.byLength(SamplerTest::length).order(UNEVEN, Rng.of(1));
        assertThat(Arrays.stream(order)
                        .map(place -> length(UNEVEN.items().get(place)))
                        .toArray())
                .isSorted();
        assertThat(counts(Sampler.byLength(SamplerTest::length), UNEVEN, 1)).containsOnly(1);
    }
}
