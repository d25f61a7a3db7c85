package espalier.examples;

import espalier.data.DataBlock;
import espalier.data.Labels;
import espalier.data.Loaders;
import espalier.data.Splits;
import espalier.data.TargetBlock;
import espalier.image.Image;
import espalier.image.Transforms;
import espalier.item.Items;
import espalier.loss.Loss;
import espalier.loss.Losses;
import espalier.metric.Direction;
import espalier.metric.Metric;
import espalier.metric.Metrics;
import espalier.report.DataException;
import espalier.tensor.Tensor;
import espalier.vision.Blocks;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The recipe {@code docs/recipes/add-a-target.md}. */
public final class AddATarget {
    private AddATarget() {}

    // region target
    /**
     * Grades in an order, such as 1 to 5 stars. A class for each would take 5 for as far from 4 as from 1; here the model is
     * asked "more than 1?", "more than 2?" and so on, and the grade is the number of yeses (Frank and Hall 2001).
     *
     * @param grades the grades from the least to the greatest; empty before {@link #fit}
     */
    public record GradeTarget(List<Integer> grades) implements TargetBlock {
        /** Grades that the training labels will tell. */
        public static GradeTarget of() {
            return new GradeTarget(List.of());
        }

        @Override
        public String task() {
            return "tagging"; // each question has a probability of its own, as a tag has
        }

        @Override
        public GradeTarget fit(List<List<String>> trainingLabels) {
            return new GradeTarget(trainingLabels.stream()
                    .flatMap(Collection::stream)
                    .map(Integer::valueOf)
                    .distinct()
                    .sorted(Comparator.naturalOrder())
                    .toList());
        }

        @Override
        public List<String> classes() {
            return grades.stream()
                    .limit(Math.max(0, grades.size() - 1))
                    .map(grade -> "more than " + grade)
                    .toList();
        }

        @Override
        public Optional<String> problem() {
            return grades.size() < 2
                    ? Optional.of("there is only one grade, " + grades + ". Maybe the labels are in another column")
                    : Optional.empty();
        }

        @Override
        public Optional<String> malformed(List<String> labels) {
            boolean one = labels.size() == 1 && labels.get(0).matches("-?[0-9]{1,9}");
            return one ? Optional.empty() : Optional.of("expected one whole number, received " + labels);
        }

        @Override
        public Optional<String> reject(List<String> labels) {
            return malformed(labels);
        }

        @Override
        public Tensor collate(List<List<String>> labels) {
            int questions = grades.size() - 1;
            float[] answers = new float[labels.size() * questions];
            for (int n = 0; n < labels.size(); n++) {
                int grade = Integer.parseInt(labels.get(n).get(0));
                for (int k = 0; k < questions; k++) {
                    answers[n * questions + k] = grade > grades.get(k) ? 1 : 0;
                }
            }
            return Tensor.of(answers, labels.size(), questions); // [N, K]
        }

        @Override
        public Loss loss() {
            return Losses.bceWithLogits();
        }

        @Override
        public List<Metric> metrics() {
            return List.of(gradesOff());
        }

        @Override
        public List<Double> thresholds() {
            return Collections.nCopies(classes().size(), 0.5);
        }

        /** The grade that the answers of a prediction, its labels, stand for. */
        public int grade(List<String> answers) {
            if (answers.size() >= grades.size()) {
                throw new DataException("there are " + answers.size() + " answers for " + grades.size()
                        + " grades. Maybe they are another model's.");
            }
            return grades.get(answers.size());
        }
    }
    // endregion

    // region use
    /** Pictures in folders named by their grades. */
    public static Loaders<Image> loaders(Path folder) {
        return DataBlock.of(Blocks.image(), GradeTarget.of())
                .items(Items.imageFiles())
                .label(Labels.parentFolder())
                .split(Splits.random(0.25))
                .itemTransform(Transforms.resize(32))
                .batchSize(8)
                .loaders(folder);
    }
    // endregion

    // region metric
    /** By how many grades the model is wrong, on average. */
    public static Metric gradesOff() {
        return Metrics.mean(
                "grades_off",
                Direction.LOWER_IS_BETTER,
                (scores, target) -> scores.gt(0).sum(1).sub(target.sum(1)).abs()); // [N]
    }
    // endregion
}
