package espalier.weights;

import java.util.Locale;

/** The spellings of a model's name: capitals, dashes, underscores and dots make no difference. */
public final class ModelNames {
    private ModelNames() {}

    /** Whether two spellings name the same model: {@code "mobilenet_v2"}, {@code "MobileNetV2"}. */
    public static boolean same(String a, String b) {
        return plain(a).equals(plain(b));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }
}
