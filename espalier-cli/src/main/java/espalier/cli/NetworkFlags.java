package espalier.cli;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Url;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that reaches the network. */
final class NetworkFlags {
    @Option(names = "--endpoint", paramLabel = "URL", description = "Ask this address instead of the usual one.")
    private @Nullable String endpoint;

    @Option(
            names = "--allow-private",
            description = "Permit addresses on this machine and in private networks, which are refused otherwise.")
    private boolean allowPrivate;

    /** The address to ask instead of the usual one. @throws CommandException with code 2 when it is none */
    Optional<String> endpoint() {
        try {
            if (endpoint != null) {
                Url.of(endpoint);
            }
            return Optional.ofNullable(endpoint);
        } catch (FetchException wrong) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--endpoint: expected an http or https address, got another: " + wrong.getMessage()
                            + ". Maybe write it in full, such as https://example.org/api.");
        }
    }

    /**
     * {@code usual}, with private addresses when they were permitted.
     *
     * @throws CommandException as {@link #endpoint}
     */
    FetchOptions apply(FetchOptions usual) {
        endpoint();
        return allowPrivate ? usual.allowingPrivate() : usual;
    }
}
