package espalier.clean;

import espalier.collect.Finding;
import espalier.collect.Verify;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.files.Links;
import espalier.files.Stamp;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Where a data set's labels and splits are written down, and how they are changed there. */
public sealed interface LabelledSet permits FolderSet, TableSet, TextSet {
    /**
     * What is in a data set.
     *
     * @param pictures in the order of their paths or rows
     * @param rejected what cannot be one
     */
    record Found(List<Labelled> pictures, List<Rejected> rejected) {
        /** Without the pictures behind links: files there belong to others, and are never moved. */
        Found withoutLinks(Path root) {
            var links = new TreeMap<String, Rejected>();
            var own = new ArrayList<Labelled>();
            for (Labelled picture : pictures) {
                var link = Links.on(root, picture.file());
                link.ifPresent(one -> links.put(one, linked(one, picture)));
                if (link.isEmpty()) {
                    own.add(picture);
                }
            }
            var all = new ArrayList<>(rejected);
            all.addAll(links.values());
            return new Found(List.copyOf(own), List.copyOf(all));
        }

        private static Rejected linked(String link, Labelled picture) {
            return new Rejected(link, link.equals(picture.file()) ? Rejected.LINKED_FILE : Rejected.LINKED_FOLDER);
        }
    }

    /** Folders: a picture's label is the name of the folder that it lies in. */
    static LabelledSet folders(Path root) {
        return FolderSet.of(root);
    }

    /** A table in CSV with a row a picture: its first column names the file, its second the label. */
    static LabelledSet table(Path root, Path csv) {
        return TableSet.of(root, csv);
    }

    /** The folder that holds everything. */
    Path root();

    /**
     * Finds the pictures as they are now.
     *
     * @throws espalier.report.DataException when the folder or the table cannot be read
     */
    Found find() throws IOException;

    /** The table whose rows are changed; empty when it is files that are moved. */
    default Optional<Path> changed() {
        return Optional.empty();
    }

    /** By which it is known that a picture is still what it was; empty when it is gone. */
    default Optional<Stamp> stamp(Labelled picture) {
        return Stamp.of(root().resolve(picture.file()));
    }

    /** Asks a model of pictures, and hands over its answers in their order. */
    default void judge(
            Predictor model, List<Labelled> pictures, Progress progress, Consumer<Predictor.Answer> answers) {
        var paths = pictures.stream().map(one -> root().resolve(one.file())).toList();
        int[] done = {0};
        model.predictAll(paths, answer -> {
            answers.accept(answer);
            progress.update(++done[0], paths.size(), "predict");
        });
    }

    /** Which pictures are copies of each other. */
    default List<Finding> copies(List<Labelled> pictures, Progress progress) throws IOException {
        return Verify.of(root()).progress(progress).run().findings();
    }

    /** The splits between which pictures can be moved; empty when there is nothing to move between. */
    List<String> splits() throws IOException;

    /** Whether pictures can get a label of this name here, of which there may be none yet. */
    boolean canName(String label);

    /**
     * Where a choice would take a picture.
     *
     * @return the new path; the old one when the file stays; empty when it goes to the trash
     */
    Optional<String> target(Labelled picture, Choice choice);

    /** Carries a choice out. @throws IOException when the file cannot be moved; it is then where it was */
    Change carryOut(Labelled picture, Choice choice, Journal journal) throws IOException;

    /** Writes what else there is to write after changes were made or undone. */
    void settle(Journal journal) throws IOException;
}
