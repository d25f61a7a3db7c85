package espalier.cli;

import espalier.collect.fetch.FetchOptions;
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

    /** The address to ask instead of the usual one. */
    Optional<String> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** {@code usual}, with private addresses when they were permitted. */
    FetchOptions apply(FetchOptions usual) {
        return allowPrivate ? usual.allowingPrivate() : usual;
    }
}
