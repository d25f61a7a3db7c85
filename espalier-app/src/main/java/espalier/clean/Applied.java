package espalier.clean;

import espalier.files.Change;
import java.util.List;

/**
 * What came of a plan.
 *
 * @param changes what was done, in order; empty when there was a conflict
 * @param conflicts the pictures that are not as they were shown, because of whom nothing was done
 * @param isConflict whether the plan was another one than the one shown; look at the new one
 * @param error how many steps were done, where it was stopped and why; empty when it was not
 */
public record Applied(List<Change> changes, List<Picture> conflicts, boolean isConflict, String error) {
    public Applied {
        changes = List.copyOf(changes);
        conflicts = List.copyOf(conflicts);
    }

    static Applied conflict(List<Picture> pictures) {
        return new Applied(List.of(), pictures, true, "");
    }
}
