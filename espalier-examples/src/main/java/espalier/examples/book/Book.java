package espalier.examples.book;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The chapters in their order, by the names that {@code espalier example} knows. */
public final class Book {
    private static final Set<String> WITHOUT_PICTURES = Set.of("tensors", "devices", "sequences");
    private static final Map<String, Chapter> CHAPTERS = new LinkedHashMap<>();

    static {
        CHAPTERS.put("tensors", TensorsChapter::run);
        CHAPTERS.put("first-network", FirstNetwork::run);
        CHAPTERS.put("convolutions", Convolutions::run);
        CHAPTERS.put("transfer", TransferByHand::run);
        CHAPTERS.put("data-sets", DataSets::run);
        CHAPTERS.put("keeping-models", KeepingModels::run);
        CHAPTERS.put("transforms", TransformsChapter::run);
        CHAPTERS.put("more-models", MoreModels::run);
        CHAPTERS.put("looking-inside", LookingInside::run);
        CHAPTERS.put("devices", Devices::run);
        CHAPTERS.put("sequences", Sequences::run);
    }

    private Book() {}

    /** Every chapter by its name. */
    public static Map<String, Chapter> chapters() {
        return Collections.unmodifiableMap(CHAPTERS);
    }

    /** Whether a chapter takes pictures, and so runs on your own, too. */
    public static boolean takesPictures(String name) {
        return CHAPTERS.containsKey(name) && !WITHOUT_PICTURES.contains(name);
    }
}
