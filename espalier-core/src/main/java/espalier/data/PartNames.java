package espalier.data;

import espalier.data.Splits.Part;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names by which people call the parts of a data set. */
final class PartNames {
    private static final String BETWEEN = "[-_ .]?";
    private static final Pattern NAME = Pattern.compile("(?:seg" + BETWEEN + ")?"
            + "(train|training|trn|valid|val|vali|validation|validate|dev|devel|development"
            + "|test|testing|tst|hold" + BETWEEN + "out|eval|evaluation)"
            + "(?:" + BETWEEN + "(?:set|data|dataset|split|images|imgs|img|pictures|photos|jpg|jpeg|png|[0-9]{1,4}))*");

    private PartNames() {}

    /** The part of a name, in any case and with blanks around it; an evaluation is a test, since nothing may learn from it. */
    static Optional<Part> part(String name) {
        Matcher words = NAME.matcher(name.strip().toLowerCase(Locale.ROOT));
        if (!words.matches()) {
            return Optional.empty();
        }
        String word = words.group(1);
        return Optional.of(
                word.startsWith("tr")
                        ? Part.TRAIN
                        : word.startsWith("v") || word.startsWith("dev") ? Part.VALID : Part.TEST);
    }
}
