package espalier.cli;

import espalier.app.Caption;
import picocli.CommandLine.Option;

/** What a model is called on pages that show it. */
final class CaptionFlags {
    @Option(
            names = "--title",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What the model is called on its page and by `inspect` (the file's name).")
    private String title = "";

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A sentence or two about what it is for, shown below the title (none).")
    private String description = "";

    Caption caption() {
        return new Caption(title, description);
    }
}
