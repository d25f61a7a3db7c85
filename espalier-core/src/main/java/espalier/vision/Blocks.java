package espalier.vision;

import espalier.data.TargetBlock;
import espalier.data.Targets;

/** The blocks of data sets of pictures. */
public final class Blocks {
    private Blocks() {}

    /** One class a picture. */
    public static TargetBlock category() {
        return Targets.category();
    }

    /** Pictures from files. */
    public static ImageBlock image() {
        return ImageBlock.of();
    }

    /** Any number of tags a picture. */
    public static TargetBlock multiCategory() {
        return Targets.multiCategory();
    }
}
