package espalier.vision;

import espalier.data.NumberTarget;
import espalier.data.TargetBlock;
import espalier.data.Targets;

/** The blocks of data sets of pictures. */
public final class Blocks {
    private Blocks() {}

    /** One class for each picture. */
    public static TargetBlock category() {
        return Targets.category();
    }

    /** Pictures from files. */
    public static ImageBlock image() {
        return ImageBlock.of();
    }

    /** Any number of tags for each picture. */
    public static TargetBlock multiCategory() {
        return Targets.multiCategory();
    }

    /** One or several quantities for each picture, by their names: regression. */
    public static NumberTarget numbers(String... names) {
        return Targets.numbers(names);
    }
}
