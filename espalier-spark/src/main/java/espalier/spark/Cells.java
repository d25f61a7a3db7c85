package espalier.spark;

import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.predict.ReadTexts;
import espalier.report.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cells of a column, predicted together: an answer for each, whatever is in it. */
final class Cells {
    private final Predictor predictor;
    private final ClusterFiles files;
    private final boolean texts;

    Cells(Predictor predictor, ClusterFiles files) {
        this.predictor = predictor;
        this.files = files;
        this.texts = predictor.task() instanceof ReadTexts;
    }

    /** The values of {@link Answers} for each cell, in order. */
    List<@Nullable Object[]> predict(List<@Nullable Object> cells) {
        var answers = new ArrayList<@Nullable Object[]>();
        var inputs = new ArrayList<Predictor.Input>();
        var places = new ArrayList<Integer>();
        for (var cell : cells) {
            try {
                inputs.add(read(cell));
                places.add(answers.size());
                answers.add(Answers.error("")); // until it is predicted
            } catch (RuntimeException unreadable) { // whatever a file does to a decoder is that row's own affair
                answers.add(Answers.error(reason(unreadable)));
            }
        }
        var predicted = together(inputs);
        for (int i = 0; i < predicted.size(); i++) {
            answers.set(places.get(i), predicted.get(i));
        }
        return answers;
    }

    private Predictor.Input read(@Nullable Object cell) {
        if (cell instanceof byte[] bytes) {
            return predictor.read(bytes);
        }
        if (cell instanceof String text) {
            return texts ? predictor.readText(text) : files.read(predictor, text);
        }
        throw new DataException(
                cell == null ? "the input is null" : "expected bytes or a string, received " + cell.getClass());
    }

    /** All in one go; where that fails, one by one, so that only those to blame get an error. */
    private List<@Nullable Object[]> together(List<Predictor.Input> inputs) {
        if (inputs.isEmpty()) {
            return List.of();
        }
        try {
            return answers(predictor.predictInputs(inputs));
        } catch (RuntimeException oneOfThem) {
            return inputs.stream().map(this::alone).toList();
        }
    }

    private @Nullable Object[] alone(Predictor.Input input) {
        try {
            return Answers.of(predictor.predictInputs(List.of(input)).get(0));
        } catch (RuntimeException failed) {
            return Answers.error(reason(failed));
        }
    }

    private static List<@Nullable Object[]> answers(List<Prediction> predictions) {
        List<@Nullable Object[]> answers = new ArrayList<>();
        predictions.forEach(prediction -> answers.add(Answers.of(prediction)));
        return answers;
    }

    private static String reason(RuntimeException failure) {
        return failure instanceof DataException unreadable ? unreadable.reason() : failure.toString();
    }
}
