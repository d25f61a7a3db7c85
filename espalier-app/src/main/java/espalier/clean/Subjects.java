package espalier.clean;

import espalier.clean.Query.Order;
import espalier.clean.Query.View;
import espalier.files.Change;
import espalier.files.Sha256;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.report.Progress;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pictures being cleaned, those in the trash included. Guarded by its cleaner. */
final class Subjects {
    private final Predictor model;
    private final LabelledSet set;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Subject> byId = new LinkedHashMap<>();
    private final Set<Subject> touched = new HashSet<>();
    private CopyGroups copies = CopyGroups.none();

    Subjects(Predictor model, LabelledSet set) {
        this.model = model;
        this.set = set;
    }

    /** Predicts pictures and adds them. */
    void add(List<Labelled> pictures, Progress progress) {
        var stamps = pictures.stream().map(set::stamp).toList();
        int[] at = {0};
        set.judge(model, pictures, progress, answer -> {
            int index = at[0]++;
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            String id = HexFormat.of().formatHex(bytes);
            float[] probabilities =
                    answer.prediction().map(Prediction::probabilities).orElseGet(() -> new float[0]);
            List<String> predicted = answer.prediction().map(Prediction::labels).orElse(List.of());
            byId.put(
                    id,
                    new Subject(id, pictures.get(index), stamps.get(index), predicted, probabilities, answer.error()));
        });
    }

    /** Remembers which pictures are copies of each other. */
    void findCopies(Progress progress) throws IOException {
        var all = List.copyOf(byId.values());
        copies = CopyGroups.of(set.copies(all.stream().map(Subject::labelled).toList(), progress), all);
    }

    /** The pictures that are in the data set now. */
    Stream<Subject> there() {
        return byId.values().stream().filter(one -> !one.isGone());
    }

    Optional<Subject> byId(String id) {
        return Optional.ofNullable(byId.get(id)).filter(one -> !one.isGone());
    }

    Picture shown(Subject subject, boolean tags) {
        return subject.picture(model.classes(), tags, copies.similarity(subject), copies.group(subject));
    }

    List<Picture> pictures(Query query, boolean tags) {
        if (query.view() == View.ALL || query.view() == View.UNREADABLE) {
            return there().filter(one -> one.isReadable() == (query.view() == View.ALL))
                    .map(one -> shown(one, tags))
                    .filter(picture -> isMeant(query, picture))
                    .sorted(order(query.order()))
                    .toList();
        }
        return copies.groups(query.view()).stream()
                .map(group -> group.stream()
                        .map(one -> shown(one, tags))
                        .sorted(order(query.order()))
                        .toList())
                .filter(group -> group.stream().anyMatch(picture -> isMeant(query, picture)))
                .sorted(Comparator.comparing(group -> group.get(0), order(query.order())))
                .flatMap(List::stream)
                .toList();
    }

    private static boolean isMeant(Query query, Picture picture) {
        return (query.label().isEmpty() || picture.labels().contains(query.label()))
                && (query.split().isEmpty() || picture.split().equals(query.split()));
    }

    private static Comparator<Picture> order(Order order) {
        Comparator<Picture> byName = Comparator.comparing(Picture::file);
        return switch (order) {
            case LOSS -> Comparator.comparingDouble(Picture::loss).reversed().thenComparing(byName);
            case UNCERTAINTY ->
                Comparator.comparingDouble(Picture::uncertainty).reversed().thenComparing(byName);
            case SIMILARITY ->
                Comparator.comparingDouble(Picture::similarity)
                        .reversed()
                        .thenComparing(Picture::group)
                        .thenComparing(byName);
            case NAME -> byName;
        };
    }

    /** A text that is another one when anything about the steps or their files is. */
    String digest(Stream<Subject> steps) {
        var digest = new Sha256();
        steps.forEach(
                one -> digest.add(one.id() + " " + one.version() + " " + one.choice() + " " + one.stamp() + "\n"));
        return digest.hex();
    }

    /** Whether the file is not the one that was looked at. */
    boolean hasChanged(Subject subject) {
        return !set.stamp(subject.labelled()).equals(subject.stamp());
    }

    /** Takes the file as it is now; what was chosen for the other one counts no more. */
    void lookAgain(Subject subject) {
        var stamp = set.stamp(subject.labelled());
        if (stamp.isEmpty()) {
            subject.vanish();
        } else {
            subject.become(subject.labelled(), stamp);
        }
    }

    /** A change took a file from one place to another, or says something else of it. */
    void follow(Change change, String from, String to) {
        String row = change.values().getOrDefault("row", "-1");
        for (Subject one : byId.values()) {
            if (one.place().equals(from)
                    && Integer.toString(one.labelled().row()).equals(row)) {
                one.place(to);
                touched.add(one);
            }
        }
    }

    /** Brings everything up to date with the pictures that are there now. */
    void settle(List<Labelled> pictures) {
        Map<String, Labelled> now = new HashMap<>();
        pictures.forEach(picture -> now.put(picture.row() + ":" + picture.file(), picture));
        for (Subject one : byId.values()) {
            var found = Optional.ofNullable(now.remove(one.labelled().row() + ":" + one.place()));
            if (found.isPresent()) {
                if (one.isGone() || touched.contains(one) || !found.get().equals(one.labelled())) {
                    one.become(found.get(), set.stamp(found.get()));
                }
            } else if (!one.isGone()) {
                one.vanish();
            }
        }
        touched.clear();
        add(new ArrayList<>(now.values()), Progress.NONE);
    }
}
