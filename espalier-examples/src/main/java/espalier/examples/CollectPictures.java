package espalier.examples;

import espalier.collect.Archives;
import espalier.collect.Collect;
import espalier.collect.Repair;
import espalier.collect.Search;
import espalier.collect.Verify;
import espalier.collect.fetch.FetchOptions;
import espalier.files.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The tutorial {@code docs/tutorials/collect.md}: from an empty folder to a verified data set with attribution.
 *
 * @param folder where the data set grows
 * @param search whom to ask for pictures
 * @param fetch limits and guards of downloads
 * @param count how many pictures a class
 */
public record CollectPictures(Path folder, Search search, FetchOptions fetch, int count) {
    /** Argument: a folder for the pictures. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: CollectPictures FOLDER");
            System.exit(2);
        }
        var tutorial = new CollectPictures(Path.of(args[0]), Search.of("openverse"), FetchOptions.standard(), 150);
        tutorial.collect();
        tutorial.verify();
        tutorial.repair();
    }

    /** Step 1: searches and downloads. */
    void collect() throws IOException {
        // region collect
        var bears = Collect.of(search, count)
                .downloads(downloader -> downloader.fetch(fetch).minSize(100));
        for (var result : bears.classes("{} bear", List.of("grizzly", "black", "teddy"), folder)) {
            System.out.println(result.kept() + " pictures in " + result.folder());
        }
        // endregion
    }

    /** Step 2: looks at every picture; gives the number of findings. */
    int verify() throws IOException {
        // region verify
        var report = Verify.of(folder).run();
        report.findings().forEach(System.out::println);
        // endregion
        return report.findings().size();
    }

    /** Step 3: repairs what can be repaired, moves the rest aside. */
    void repair() throws IOException {
        // region repair
        Repair.of(folder).fix(Verify.of(folder).run());
        Repair.of(folder).quarantine(Verify.of(folder).run());
        // endregion
    }

    /** Brings everything back. */
    void undo() throws IOException {
        // region undo
        Journal.of(folder).undoAll();
        // endregion
    }

    /** Takes an archive apart. */
    void extract(Path archive) throws IOException {
        // region extract
        var extracted = Archives.into(folder).extract(archive);
        System.out.println(extracted.files() + " files");
        // endregion
    }
}
