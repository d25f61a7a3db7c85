package espalier.cli;

import espalier.text.EasyAugmentation;
import espalier.text.Synonyms;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names a file of synonyms. */
final class SynonymFlags {
    @Option(
            names = "--synonyms",
            paramLabel = "FILE",
            description =
                    "Words that mean the same, a group on each line with semicolons between, to replace and insert.")
    private Optional<Path> file = Optional.empty();

    boolean given() {
        return file.isPresent();
    }

    /** The changes, of this share of the words that {@code option} was given. */
    EasyAugmentation augmentation(String option, double share) {
        var synonyms =
                file.map(path -> Synonyms.load(CommandException.file(path))).orElseGet(Synonyms::none);
        return EasyAugmentation.of(synonyms).alpha(Bounds.number(option, share, Bounds.FROM_ZERO, 1, "0.1"));
    }
}
