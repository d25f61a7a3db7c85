package espalier.predict;

import espalier.format.ModelDocument;
import espalier.item.Items;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prediction by all models of an {@link Ensemble}. An input is what each of them has read; equal preparations are made once. */
final class EnsembleTask implements PredictionTask<List<Object>> {
    private static final double TIE = 1e-3;

    private final Ensemble ensemble;
    private final ModelDocument document;
    private final List<PredictionTask<Object>> members;

    /** For each member, the first one that prepares inputs as it does. */
    private final int[] readers;

    /** For each member and class of the ensemble, the member's number of that class. */
    private final int[][] columns;

    @SuppressWarnings("unchecked") // what a member has read is only ever given back to members that read alike
    EnsembleTask(Ensemble ensemble, List<? extends PredictionTask<?>> members) {
        this.ensemble = ensemble;
        this.document = ensemble.document();
        this.members = members.stream().map(one -> (PredictionTask<Object>) one).toList();
        this.readers = new int[members.size()];
        this.columns = new int[members.size()][];
        for (int i = 0; i < members.size(); i++) {
            var own = members.get(i).document();
            columns[i] = document.vocabulary().stream()
                    .mapToInt(own.vocabulary()::indexOf)
                    .toArray();
            while (!alike(readers[i], i)) {
                readers[i]++;
            }
        }
    }

    private boolean alike(int one, int other) {
        return one == other
                || (ImageTask.isForPictures(members.get(one).document())
                        && members.get(one)
                                .document()
                                .transforms()
                                .equals(members.get(other).document().transforms()));
    }

    private List<Object> each(Function<PredictionTask<Object>, Object> reading) {
        var read = new ArrayList<Object>();
        for (int i = 0; i < readers.length; i++) {
            read.add(readers[i] == i ? reading.apply(members.get(i)) : read.get(readers[i]));
        }
        return read;
    }

    @Override
    public List<Object> read(Path file) {
        return each(member -> member.read(file));
    }

    @Override
    public List<Object> read(byte[] bytes) {
        return each(member -> member.read(bytes));
    }

    @Override
    public List<Object> read(BufferedImage picture) {
        return each(member -> member.read(picture));
    }

    @Override
    public List<Object> read(String text) {
        return each(member -> member.read(text));
    }

    @Override
    public Items.Found find(Path folder) {
        return members.get(0).find(folder);
    }

    @Override
    public float[][] probabilities(List<List<Object>> inputs) {
        int classes = document.vocabulary().size();
        double[][] sums = new double[inputs.size()][classes];
        double total =
                ensemble.weights().stream().mapToDouble(Double::doubleValue).sum();
        for (int i = 0; i < members.size(); i++) {
            int place = i;
            double weight = ensemble.weights().get(i) / total;
            float[][] rows = members.get(i)
                    .probabilities(inputs.stream().map(read -> read.get(place)).toList());
            for (int n = 0; n < rows.length; n++) {
                double[] answer = answer(i, rows[n]);
                for (int c = 0; c < classes; c++) {
                    sums[n][c] += weight * answer[c];
                }
            }
        }
        float[][] rows = new float[inputs.size()][classes];
        for (int n = 0; n < rows.length; n++) {
            for (int c = 0; c < classes; c++) {
                rows[n][c] = (float) sums[n][c];
            }
        }
        return rows;
    }

    /** What a member says of each class of the ensemble: its probabilities, or its votes. */
    private double[] answer(int member, float[] row) {
        double[] answer = new double[columns[member].length];
        int best = 0;
        for (int c = 0; c < answer.length; c++) {
            answer[c] = row[columns[member][c]];
            best = answer[c] > answer[best] ? c : best;
        }
        if (ensemble.rule() == Ensemble.Rule.MEAN) {
            return answer;
        }
        var own = members.get(member).document();
        for (int c = 0; c < answer.length; c++) {
            boolean votes = own.isMultiLabel()
                    ? answer[c] > Ensemble.threshold(own, document.vocabulary().get(c))
                    : c == best;
            answer[c] = ((votes ? 1 : 0) + TIE * answer[c]) / (1 + TIE);
        }
        return answer;
    }

    @Override
    public int most() {
        return members.stream().mapToInt(PredictionTask::most).min().orElse(MOST);
    }

    @Override
    public String engine() {
        return members.stream().map(PredictionTask::engine).distinct().collect(Collectors.joining(", "));
    }

    @Override
    public String precision() {
        return members.stream().map(PredictionTask::precision).distinct().collect(Collectors.joining(", "));
    }

    @Override
    public ModelDocument document() {
        return document;
    }

    @Override
    public void close() {
        members.forEach(PredictionTask::close);
    }
}
