package espalier.clean;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What will be done to the files, to be looked at before it is.
 *
 * @param digest a short text that another plan, or the same plan of pictures that have changed, does not have
 * @param steps in the order in which they will be done
 */
public record Plan(String digest, List<Step> steps) {
    /**
     * One picture's step.
     *
     * @param picture as it is now
     * @param to where the file will be, or the next free name like it; empty when it goes to the trash
     */
    public record Step(Picture picture, Optional<String> to) {
        /** The step in words. */
        public String text() {
            var choice = picture.choice();
            return switch (choice.action()) {
                case DELETE -> "delete " + picture.file();
                case RELABEL ->
                    "relabel " + picture.file() + ": " + picture.label() + " -> " + String.join(" ", choice.values());
                case MOVE ->
                    "move " + picture.file() + ": " + picture.split() + " -> " + String.join(" ", choice.values());
                default -> "keep " + picture.file();
            };
        }
    }

    public Plan {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return steps.isEmpty()
                ? "nothing to do"
                : steps.stream().map(Step::text).collect(Collectors.joining("\n"));
    }
}
