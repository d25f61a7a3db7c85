package espalier.train;

import espalier.data.Dataset;
import espalier.report.DataException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What must be the same for a run to go on from a checkpoint.
 *
 * @param options the options of the run, as the user wrote them; empty: not compared
 * @param data what the training files held when the run began, see {@link #of}
 * @param acceptChangedData whether other data are as good
 */
record RunTerms(Map<String, String> options, Data data, boolean acceptChangedData) {
    private static final int SHOWN = 5;

    /**
     * The training items of a run.
     *
     * @param names the items with their labels, in order
     * @param marks one mark an item, see {@link FileMark}
     */
    record Data(List<String> names, List<String> marks) {
        static Data of(Dataset dataset) {
            var names = IntStream.range(0, dataset.size())
                    .mapToObj(i -> dataset.items().get(i).id() + "\0"
                            + dataset.labels().get(i))
                    .toList();
            var marks = dataset.items().parallelStream()
                    .map(item -> FileMark.of(item.path()))
                    .toList();
            return new Data(names, marks);
        }
    }

    static RunTerms of(Learner<?> learner) {
        return new RunTerms(Map.of(), Data.of(learner.loaders().train().dataset()), false);
    }

    /** @throws DataException naming the first differences, when a checkpoint of {@code earlier} belongs to another run */
    void check(RunTerms earlier) {
        checkOptions(earlier.options());
        if (acceptChangedData) {
            return;
        }
        checkNames(earlier.data().names());
        checkMarks(earlier.data().marks());
    }

    private void checkOptions(Map<String, String> earlier) {
        if (options.isEmpty() || earlier.isEmpty()) {
            return;
        }
        var names = new LinkedHashSet<>(options.keySet());
        names.addAll(earlier.keySet());
        String differences = names.stream()
                .filter(name -> !said(options, name).equals(said(earlier, name)))
                .map(name -> name + " was " + said(earlier, name) + ", is " + said(options, name))
                .collect(Collectors.joining("; "));
        if (!differences.isEmpty()) {
            throw new DataException("the checkpoint belongs to a run with other options: " + differences
                    + ". Maybe give the same as before, or start anew without --resume.");
        }
    }

    private static String said(Map<String, String> options, String name) {
        return options.getOrDefault(name, "not given");
    }

    private void checkNames(List<String> earlier) {
        if (!earlier.equals(data.names())) {
            String differences = Stream.of(
                            some("new", difference(data.names(), earlier)),
                            some("gone", difference(earlier, data.names())))
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(" and "));
            throw new DataException("the checkpoint belongs to other data: " + differences
                    + ". Maybe files were added, removed or relabelled since: start anew, or take the data as they are"
                    + " now with --accept-changed-data.");
        }
    }

    private void checkMarks(List<String> earlier) {
        var changed = IntStream.range(0, data.marks().size())
                .filter(i -> !data.marks().get(i).equals(earlier.get(i)))
                .mapToObj(i -> data.names().get(i))
                .toList();
        if (!changed.isEmpty()) {
            throw new DataException("the checkpoint belongs to other data: " + some("changed", changed)
                    + ". Maybe the files were edited since: start anew, or take them as they are now with"
                    + " --accept-changed-data.");
        }
    }

    private static List<String> difference(List<String> all, List<String> without) {
        var known = new java.util.HashSet<>(without);
        return all.stream().filter(name -> !known.contains(name)).toList();
    }

    private static String some(String what, List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String list = names.stream()
                .limit(SHOWN)
                .map(name -> name.substring(0, name.indexOf('\0')))
                .collect(Collectors.joining(", "));
        return names.size() + (names.size() == 1 ? " training file is " : " training files are ") + what + " (" + list
                + (names.size() > SHOWN ? ", ..." : "") + ")";
    }
}
