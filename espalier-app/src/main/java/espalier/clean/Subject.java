package espalier.clean;

import espalier.files.Stamp;
import java.util.List;
import java.util.Optional;

/** A picture while it is cleaned: what is known of it now. Guarded by its cleaner. */
final class Subject {
    private final String id;
    private final List<String> predicted;
    private final float[] probabilities;
    private final Optional<String> error;
    private String place;
    private Labelled labelled;
    private Optional<Stamp> stamp;
    private Choice choice = Choice.NONE;
    private long version;
    private boolean gone;

    /**
     * @param predicted what the model says it is
     * @param probabilities of each class; none when it cannot be read
     * @param error why it cannot be read
     */
    Subject(
            String id,
            Labelled labelled,
            Optional<Stamp> stamp,
            List<String> predicted,
            float[] probabilities,
            Optional<String> error) {
        this.id = id;
        this.predicted = predicted;
        this.labelled = labelled;
        this.stamp = stamp;
        this.probabilities = probabilities;
        this.error = error;
        this.place = labelled.file();
    }

    String id() {
        return id;
    }

    /** Where the file is now, relative to the data set, be it in the trash. */
    String place() {
        return place;
    }

    void place(String place) {
        this.place = place;
    }

    Labelled labelled() {
        return labelled;
    }

    Optional<Stamp> stamp() {
        return stamp;
    }

    Choice choice() {
        return choice;
    }

    long version() {
        return version;
    }

    boolean isGone() {
        return gone;
    }

    boolean isReadable() {
        return error.isEmpty();
    }

    void choose(Choice choice) {
        this.choice = choice;
        version++;
    }

    /** The picture is somewhere else now, or called otherwise; whatever was chosen is done. */
    void become(Labelled labelled, Optional<Stamp> stamp) {
        this.labelled = labelled;
        this.stamp = stamp;
        this.gone = false;
        choose(Choice.NONE);
    }

    /** The picture is not in the data set any more. */
    void vanish() {
        gone = true;
        choose(Choice.NONE);
    }

    /** The picture as it is to be shown. */
    Picture picture(List<String> classes, boolean tags, double similarity, int group) {
        return new Picture(
                id,
                version,
                labelled.file(),
                labelled.labels(),
                labelled.split(),
                predicted,
                probability(tags),
                loss(classes, tags),
                similarity,
                group,
                choice,
                labelled.text(),
                error);
    }

    private double probability(boolean tags) {
        double most = 0;
        double least = 1;
        for (float p : probabilities) {
            most = Math.max(most, p);
            least = Math.min(least, Math.max(p, 1 - p));
        }
        return probabilities.length == 0 ? Double.NaN : tags ? least : most;
    }

    /** Cross entropy; a label that the model does not know has the probability 0. */
    double loss(List<String> classes, boolean tags) {
        if (probabilities.length == 0) {
            return Double.NaN;
        }
        if (!tags) {
            int index = labelled.labels().isEmpty()
                    ? -1
                    : classes.indexOf(labelled.labels().get(0));
            return surprise(index < 0 ? 0 : probabilities[index]);
        }
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            sum += surprise(labelled.labels().contains(classes.get(i)) ? p : 1 - p);
        }
        return sum / probabilities.length;
    }

    /** The smallest normal float stands for zero, whose loss would be infinite. */
    private static double surprise(double probability) {
        return Math.max(0, -Math.log(Math.max(probability, Float.MIN_NORMAL)));
    }
}
