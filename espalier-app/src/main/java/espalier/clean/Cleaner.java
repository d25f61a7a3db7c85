package espalier.clean;

import espalier.files.CannotWriteException;
import espalier.files.Change;
import espalier.files.Destination;
import espalier.files.Journal;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Repairs the labels of a data set with a model's help: shows what is most likely wrong, takes a choice for each picture,
 * and carries the choices out when their {@link Plan} was seen. Thread-safe. Nothing is deleted: the data set's
 * {@link Journal} takes every change back.
 *
 * <pre>{@code
 * try (var model = Predictor.load(Path.of("pets.safetensors"))) {
 *     var cleaner = Cleaner.of(model, Path.of("data/pets"));
 *     cleaner.pictures(Query.all()).stream().limit(40).forEach(System.out::println);
 *     cleaner.choose(cleaner.find("cat/7.jpg").orElseThrow(), Choice.relabel("dog"));
 *     cleaner.apply(cleaner.plan());
 * }
 * }</pre>
 *
 * <p>Choices that were not carried out are kept in {@code .espalier/choices.json} and are there again after a restart. Each
 * is made for a picture as it was shown; when it has changed since, by another choice or on the disk, the choice is
 * not taken, and the caller gets the picture as it is now.
 */
public final class Cleaner {
    private final Predictor model;
    private final LabelledSet set;
    private final boolean tags;
    private final Journal journal;
    private final ChoiceFile choices;
    private final Subjects subjects;
    private final Turns turns;
    private final Set<String> added = new LinkedHashSet<>();
    private final Map<String, Applied> done = new LinkedHashMap<>();
    private List<Rejected> rejected = List.of();
    private List<String> splits = List.of();

    private Cleaner(Predictor model, LabelledSet set) {
        this.model = model;
        this.set = set;
        this.tags = model.document().isMultiLabel();
        this.journal = Journal.of(set.root());
        this.choices = new ChoiceFile(set.root());
        this.turns = new Turns(set.root(), choices);
        this.subjects = new Subjects(model, set);
    }

    /**
     * The cleaner of a data set of folders, split as the model was trained; looks at every picture, which takes about as
     * long as predicting it twice.
     */
    public static Cleaner of(Predictor model, Path data) throws IOException {
        return of(model, FolderSet.like(model.document(), data), Progress.NONE);
    }

    /**
     * The cleaner of any data set.
     *
     * @param model judges the pictures; it must stay open as long as the cleaner is used
     * @param progress hears of the pictures looked at, first predicted, then compared with each other
     * @throws IllegalArgumentException when the model gives tags and the data set one label a picture
     * @throws espalier.report.DataException when there is no picture
     */
    public static Cleaner of(Predictor model, LabelledSet set, Progress progress) throws IOException {
        if (model.document().isNumeric()) {
            throw new IllegalArgumentException("the model says quantities, " + model.classes()
                    + ", and the cleaner sorts by classes. Maybe another model was meant.");
        }
        var cleaner = new Cleaner(model, set);
        if (cleaner.tags && set instanceof FolderSet) {
            throw new IllegalArgumentException(
                    "the model gives any number of tags a picture, and the name of a folder is"
                            + " only one label. Maybe the tags are in a table in CSV: give it, too (--csv).");
        }
        Destination.unlinked(set.root().resolve(Journal.FOLDER));
        var found = set.find();
        cleaner.rejected = found.rejected();
        cleaner.splits = set.splits();
        cleaner.subjects.add(found.pictures(), progress);
        cleaner.subjects.findCopies(progress);
        cleaner.choices.load(cleaner.subjects.there().toList());
        cleaner.addChosen();
        cleaner.subjects
                .there()
                .filter(one -> one.choice().changesFiles())
                .filter(one ->
                        !cleaner.isPossible(one.choice()) || !one.choice().changes(one.labelled()))
                .forEach(one -> one.choose(Choice.NONE));
        return cleaner;
    }

    /**
     * Keeps the data set for this cleaner, as long as it is used: no other can change it, or its choices. Without it,
     * each change takes the {@link CleanLock} for its time, and is refused when another cleaner has it.
     *
     * @param lock the data set's, which the caller closes at the end
     * @throws CannotWriteException when another cleaner made choices since this one looked
     */
    public synchronized void hold(CleanLock lock) throws IOException {
        turns.hold(lock);
    }

    /** The same with a lock that is taken here and that the caller closes; when there is one already, it stays. */
    public synchronized AutoCloseable hold() throws IOException {
        return turns.hold();
    }

    /** The folder that holds the data set. */
    public Path root() {
        return set.root();
    }

    /**
     * What a picture can be relabelled to: the classes of the model, the other labels of the data set, and those that were
     * {@linkplain #addLabel added}.
     */
    public synchronized List<String> labels() {
        var labels = new ArrayList<>(model.classes());
        var others = new TreeSet<String>();
        subjects.there().forEach(one -> others.addAll(one.labelled().labels()));
        others.removeAll(labels);
        labels.addAll(others);
        added.stream().filter(label -> !labels.contains(label)).forEach(labels::add);
        return labels;
    }

    /**
     * Adds a label that no picture has yet, so that pictures can be relabelled to it. It stays as long as a picture has it,
     * or is to get it.
     *
     * @throws IllegalArgumentException when it cannot be a name in this data set, or differs from a label only in capitals
     */
    public synchronized void addLabel(String label) {
        if (labels().contains(label)) {
            return;
        }
        if (!set.canName(label)) {
            throw new IllegalArgumentException("'" + label + "' cannot be a label here. Maybe leave out its special"
                    + " characters: letters, digits, spaces, '-' and '_' are fine, names of splits are not.");
        }
        labels().stream().filter(label::equalsIgnoreCase).findFirst().ifPresent(other -> {
            throw new IllegalArgumentException("there is a label '" + other + "', from which '" + label
                    + "' differs only in capitals. Maybe it is meant.");
        });
        added.add(label);
    }

    /** Of choices that were kept over a restart, the labels that no picture has yet. */
    private void addChosen() {
        subjects.there()
                .map(Subject::choice)
                .filter(choice -> choice.action() == Choice.Action.RELABEL)
                .flatMap(choice -> choice.values().stream())
                .filter(set::canName)
                .forEach(added::add);
    }

    /** The splits between which pictures can be moved; empty when there is nothing to move between. */
    public List<String> splits() {
        return splits;
    }

    /** Whether pictures have any number of tags rather than one label. */
    public boolean isTags() {
        return tags;
    }

    /** Whether it is of texts rather than of pictures. */
    public boolean isTexts() {
        return set instanceof TextSet;
    }

    /** What looked like a picture of the data set and cannot be one. */
    public synchronized List<Rejected> rejected() {
        return rejected;
    }

    /** The pictures of a list, in its order. */
    public synchronized List<Picture> pictures(Query query) {
        return subjects.pictures(query, tags);
    }

    /** The picture of a file, by its path relative to the data set; empty when there is none. */
    public synchronized Optional<Picture> find(String file) {
        return subjects.there()
                .filter(one -> one.labelled().file().equals(file))
                .findFirst()
                .map(this::shown);
    }

    /** The picture of an id; empty when there is none, or none any more. */
    public synchronized Optional<Picture> byId(String id) {
        return subjects.byId(id).map(this::shown);
    }

    /** The file of a picture, to be shown; empty when there is none, or something else lies in its place. */
    public synchronized Optional<Path> file(String id) {
        try {
            return subjects.byId(id)
                    .map(one -> journal.inside(one.labelled().file()))
                    .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IllegalArgumentException ledOut) {
            return Optional.empty(); // a folder on the way has become a link
        }
    }

    /** Chooses something for a picture that was shown; the label or split that it has already is taken as a keep. */
    public Chosen choose(Picture shown, Choice choice) throws IOException {
        return choose(shown.id(), shown.version(), choice).orElseGet(() -> new Chosen(shown, true));
    }

    /**
     * Chooses something for the picture {@code id} as it was at {@code version}. Choosing the same twice is no conflict.
     * The label or split that the picture has already is taken as {@link Choice#keep}.
     *
     * @return empty when there is no such picture
     * @throws IllegalArgumentException when there is no such label or split
     */
    public synchronized Optional<Chosen> choose(String id, long version, Choice wish) throws IOException {
        var found = subjects.byId(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!isPossible(wish)) {
            throw new IllegalArgumentException("cannot " + wish.text() + ": the labels are " + labels()
                    + ", the splits " + splits + ". Maybe a name is spelled differently.");
        }
        var subject = found.get();
        var choice = wish.changes(subject.labelled()) ? wish : Choice.keep();
        if (subject.choice().equals(choice)) {
            return Optional.of(new Chosen(shown(subject), false));
        }
        if (subject.version() != version) {
            return Optional.of(new Chosen(shown(subject), true));
        }
        return turns.alone(() -> {
            subject.choose(choice);
            choices.save(subjects.there().toList());
            return Optional.of(new Chosen(shown(subject), false));
        });
    }

    /** What the choices made so far will do. */
    public synchronized Plan plan() {
        var steps = steps().map(one -> new Plan.Step(shown(one), set.target(one.labelled(), one.choice())));
        return new Plan(subjects.digest(steps()), steps.toList());
    }

    private Stream<Subject> steps() {
        return subjects.there().filter(one -> one.choice().changesFiles());
    }

    /**
     * Carries out a plan that was seen. Nothing is done when the choices are others by now or a file has changed. The same
     * plan twice is done once; one that was stopped can be tried again.
     *
     * @return what was done, or what stands against it
     */
    public synchronized Applied apply(Plan seen) throws IOException {
        return apply(seen.digest());
    }

    /** The same, by the plan's digest. */
    public synchronized Applied apply(String digest) throws IOException {
        var before = Optional.ofNullable(done.get(digest));
        return before.isPresent() ? before.get() : turns.alone(() -> applyNow(digest));
    }

    private Applied applyNow(String digest) throws IOException {
        if (!subjects.digest(steps()).equals(digest)) {
            return Applied.conflict(List.of());
        }
        var changed = steps().filter(subjects::hasChanged).toList();
        if (!changed.isEmpty()) {
            changed.forEach(subjects::lookAgain);
            choices.save(subjects.there().toList());
            return Applied.conflict(changed.stream().map(this::shown).toList());
        }
        var applied = carryOut(steps().toList());
        if (applied.error().isEmpty()) {
            done.put(digest, applied);
        }
        return applied;
    }

    private Applied carryOut(List<Subject> steps) throws IOException {
        var changes = new ArrayList<Change>();
        String error = "";
        try {
            for (Subject one : steps) {
                changes.add(set.carryOut(one.labelled(), one.choice(), journal));
            }
        } catch (IOException | IllegalArgumentException failure) {
            error = changes.size() + " done, then stopped at " + stopped(steps.get(changes.size()), failure);
        }
        changes.forEach(change -> subjects.follow(change, change.from(), change.to()));
        if (!changes.isEmpty()) {
            set.settle(journal);
        }
        settle();
        return new Applied(changes, List.of(), false, error);
    }

    private String stopped(Subject at, Exception failure) {
        String file = at.labelled().file();
        String reason = String.valueOf(failure.getMessage());
        if (failure instanceof FileSystemException bare) {
            String trash = Journal.FOLDER + "/trash/" + file;
            Path to = set.root().resolve(set.target(at.labelled(), at.choice()).orElse(trash));
            var told = CannotWriteException.of(to, bare);
            reason = told.hint("Maybe mend that and apply again: what is left is still chosen.")
                    .getMessage();
        }
        return file + ": " + reason;
    }

    /** The changes that can be undone, also those of earlier times and of {@code espalier verify}; the oldest first. */
    public List<Change> changes() throws IOException {
        return journal.changes();
    }

    /** Whether a change of this number was ever made, be it undone by now. */
    public boolean knows(long change) throws IOException {
        return journal.knows(change);
    }

    /** Takes one change back, with those made later to the same file. */
    public synchronized Journal.Undone undo(long change) throws IOException {
        return turns.alone(() -> settle(undo().change(change)));
    }

    /** Takes all changes back. */
    public synchronized Journal.Undone undoAll() throws IOException {
        return turns.alone(() -> settle(undo().all()));
    }

    private Undo undo() {
        var undo = Undo.of(set.root(), journal);
        return set.changed().map(undo::table).orElse(undo);
    }

    private Journal.Undone settle(Journal.Undone undone) throws IOException {
        undone.undone().forEach(change -> subjects.follow(change, change.to(), change.from()));
        if (!undone.undone().isEmpty()) {
            settle();
        }
        return undone;
    }

    /** Looks at the data set again, after files were moved. */
    private void settle() throws IOException {
        var found = set.find();
        rejected = found.rejected();
        subjects.settle(found.pictures());
        choices.save(subjects.there().toList());
    }

    private boolean isPossible(Choice choice) {
        return switch (choice.action()) {
            case RELABEL ->
                labels().containsAll(choice.values())
                        && (tags || choice.values().size() == 1);
            case MOVE -> splits.containsAll(choice.values());
            default -> true;
        };
    }

    private Picture shown(Subject subject) {
        return subjects.shown(subject, tags);
    }
}
