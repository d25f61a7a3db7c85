package espalier.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import espalier.testing.plain.Golden;
import java.util.function.IntFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SchedulesTest {
    private static final Golden GOLDEN = Golden.load("schedules");
    private static final Offset<Double> TOLERANCE = within(1e-7);

    @Test
    void functions_equalFastais() {
        double[] positions = GOLDEN.doublesAt("/positions");
        for (JsonNode f : GOLDEN.value("/functions")) {
            double start = f.get("start").asDouble();
            double end = f.get("end").asDouble();
            var schedule =
                    switch (f.get("name").asString()) {
                        case "lin" -> Schedules.linear(start, end);
                        case "cos" -> Schedules.cosine(start, end);
                        case "no" -> Schedules.constant(start);
                        case "exp" -> Schedules.exponential(start, end);
                        case "poly" ->
                            Schedules.polynomial(start, end, f.get("power").asDouble());
                        default -> throw new IllegalArgumentException("golden of an unknown schedule: " + f);
                    };
            check(f.toString(), schedule, positions, Golden.doubles(f.get("values")));
        }
    }

    @Test
    void combined_equalsFastais() {
        double[] positions = GOLDEN.doublesAt("/combined/positions");
        check(
                "cosines",
                Schedules.combined(new double[] {0.3, 0.7}, Schedules.cosine(0.3, 0.6), Schedules.cosine(0.6, 0.2)),
                positions,
                GOLDEN.doublesAt("/combined/cos_30_70"));
        check(
                "three",
                Schedules.combined(
                        new double[] {0.2, 0.3, 0.5},
                        Schedules.linear(0, 1),
                        Schedules.constant(1),
                        Schedules.exponential(1, 0.01)),
                positions,
                GOLDEN.doublesAt("/combined/lin_no_exp_20_30_50"));
        check(
                "combinedCosine",
                Schedules.combinedCosine(0.25, 0.04, 1, 1e-5),
                positions,
                GOLDEN.doublesAt("/combined/combined_cos_25"));
    }

    private static void check(String what, Schedule schedule, double[] positions, double[] expected) {
        for (int i = 0; i < positions.length; i++) {
            assertThat(schedule.at(positions[i]))
                    .as("%s at %s", what, positions[i])
                    .isCloseTo(expected[i], TOLERANCE);
        }
    }

    /** The learning rates and momenta that fastai's fits really used. */
    @Test
    void traces_equalFastais() {
        int checked = 0;
        for (JsonNode trace : GOLDEN.value("/traces")) {
            String name = trace.get("name").asString();
            var options = trace.get("options");
            int groups = trace.get("groups").asInt();
            double lr = options.path("lr_max").asDouble(options.path("lr").asDouble(0));
            IntFunction<Schedule> rates;
            var cycle = cycle(options);
            if (name.startsWith("one_cycle")) {
                double[] most = maximal(options.get("lr_max")).forGroups(groups);
                rates = group -> cycle.lr(most[group]);
            } else if (name.equals("flat_cos")) {
                rates = group -> Schedules.flatCosine(lr, 0.75, 1e5);
            } else if (name.equals("sgdr")) {
                rates = group -> Schedules.warmRestarts(
                        lr,
                        options.get("cycles").asInt(),
                        options.get("cycle_mult").asDouble());
            } else {
                continue; // fine_tune is two fits, and belongs to the learner's tests
            }
            int batches = trace.get("lr").size();
            for (int i = 0; i < batches; i++) {
                double progress = (double) i / batches;
                for (int group = 0; group < groups; group++) {
                    assertThat(rates.apply(group).at(progress))
                            .as("%s, batch %s, group %s", name, i, group)
                            .isCloseTo(trace.get("lr").get(i).get(group).asDouble(), within(2e-8));
                }
                if (name.startsWith("one_cycle")) {
                    assertThat(cycle.momentum().at(progress))
                            .isCloseTo(trace.get("mom").get(i).asDouble(), TOLERANCE);
                }
            }
            checked++;
        }
        assertThat(checked).isEqualTo(8);
    }

    private static OneCycle cycle(JsonNode options) {
        var cycle = Schedules.oneCycle();
        if (options.has("moms")) {
            double[] moms = Golden.doubles(options.get("moms"));
            cycle = cycle.momenta(moms[0], moms[1], moms[2]);
        }
        return cycle.div(options.path("div").asDouble(cycle.div()))
                .divFinal(options.path("div_final").asDouble(cycle.divFinal()))
                .pctStart(options.path("pct_start").asDouble(cycle.pctStart()));
    }

    private static Rates maximal(JsonNode most) {
        if (!most.isArray()) {
            return Rates.of(most.asDouble());
        }
        if (most.get(0).isNull()) {
            return Rates.upTo(most.get(1).asDouble());
        }
        double[] values = Golden.doubles(most);
        return values.length == 2 ? Rates.range(values[0], values[1]) : Rates.list(values);
    }

    @Test
    void oneCycle_givesTheNumbersOfEightBatches() {
        var cycle = Schedules.oneCycle();
        double[] lr = {.0004, .0052, .01, .00933013, .00750003, .00500005, .00250007, .000669966};
        double[] momentum = {.95, .9, .85, .856699, .875, .9, .925, .943301};
        for (int i = 0; i < 8; i++) {
            assertThat(cycle.lr(1e-2).at(i / 8.0)).isCloseTo(lr[i], within(1e-8));
            assertThat(cycle.momentum().at(i / 8.0)).isCloseTo(momentum[i], within(1e-6));
        }
    }

    @Test
    void schedules_stayAtTheirEndsOutsideTheFit() {
        assertThat(Schedules.cosine(1, 2).at(-1)).isEqualTo(1);
        assertThat(Schedules.combinedCosine(0.3, 1, 2, 3).at(7)).isEqualTo(3);
        assertThat(Schedules.linear(0, 2).times(3).at(0.5)).isEqualTo(3);
    }

    @Test
    void wrongNumbers_areRefused() {
        assertThatThrownBy(
                        () -> Schedules.combined(new double[] {30, 70}, Schedules.constant(1), Schedules.constant(2)))
                .hasMessageContaining("Maybe")
                .hasMessageContaining("[30.0, 70.0]");
        assertThatThrownBy(() -> Schedules.exponential(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedules.warmRestarts(1, 0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedules.oneCycle().pctStart(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
