package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A budget by a clock that goes when it is told. */
class AllowanceTest {
    private final List<String> said = new ArrayList<>();
    private double now = 100;

    private Allowance of(int seconds, int mirrored) {
        var budget = Budget.of(Duration.ofSeconds(seconds));
        return new Allowance(budget, () -> (long) (now * 1e9), 100_000_000_000L, OptionalInt.of(mirrored), said::add);
    }

    @Test
    void whatIsLeftAfterTheStart_isDivided() {
        var time = of(30, 0);
        now += 7;
        time.begin(); // 20 s are left for work, 3 s for judging and writing
        assertThat(time.left()).isEqualTo(20);
        now += 3.9;
        assertThat(time.validPassed()).isFalse();
        now += 0.2;
        assertThat(time.validPassed()).isTrue();
        assertThat(time.passed()).isFalse();
        now += 9;
        assertThat(time.passed()).isTrue();
        assertThat(time.headPassed()).isFalse();
        now += 5;
        assertThat(time.headPassed()).isTrue();
        now += 3;
        assertThat(time.left()).isNegative();
    }

    @Test
    void startThatTookAll_leavesNothing() {
        var time = of(2, 0);
        now += 9;
        time.begin();
        now += 0.1;
        assertThat(time.validPassed()).isTrue();
        assertThat(time.passed()).isTrue();
        assertThat(time.headPassed()).isTrue();
    }

    @Test
    void mirrorImages_areLeftOutWhereTheyWouldTakeTheTimeOfOtherPictures() {
        var fast = of(20, 100);
        fast.begin();
        now += 1;
        assertThat(fast.plainly(20))
                .as("50 ms a picture, 200 views: 10 s of 11.7")
                .isFalse();
        assertThat(fast.plainly(16)).as("62 ms: 12.5 s").isTrue();
        assertThat(fast.plainly(0))
                .as("nothing is known without validation pictures")
                .isFalse();
        now -= 1;
        var chosen = new Allowance(
                Budget.of(Duration.ofSeconds(20)),
                () -> (long) (now * 1e9),
                100_000_000_000L,
                OptionalInt.empty(),
                said::add);
        chosen.begin();
        now += 1;
        assertThat(chosen.plainly(1)).as("views that were asked for").isFalse();
    }

    @Test
    void budgetThatIsTooShort_isSaidToBeAfterTheFirstBatch() {
        var time = of(10, 0);
        now += 3;
        time.begin();
        now += 1;
        assertThat(time.measured()).as("3 + 2 / 0.65 + 1").isEmpty();
        now += 1;
        assertThat(time.measured())
                .hasValueSatisfying(line -> assertThat(line).contains("10 s is too short", "at least about 11 s"));
        time.validPassed();
        time.validPassed();
        assertThat(said).as("said once").hasSize(1);
    }

    @Test
    void headOfABudgetWithoutEnd_takesItsTime() {
        var time = new Allowance(
                Budget.auto(), () -> (long) (now * 1e9), 100_000_000_000L, OptionalInt.empty(), said::add);
        time.begin();
        now += 10_000;
        assertThat(time.headPassed()).isFalse();
        time.restart();
        assertThat(time.spent()).isZero();
        time.goOnAfter(5);
        now += 2;
        assertThat(time.spent()).isEqualTo(7);
        assertThat(time.here()).isEqualTo(2);
    }
}
