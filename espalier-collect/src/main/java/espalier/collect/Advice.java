package espalier.collect;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchException.Kind;
import java.util.regex.Pattern;

/**
 * Makes of a failed request what a user needs to know: who was asked, what happened, what may help.
 *
 * @param who who was asked, such as {@code "the provider brave"}
 * @param key where the key comes from, such as {@code "in BRAVE_API_KEY"}; empty when none was sent
 * @param keySite where to get a key; empty when unknown
 * @param other what else can be done, such as {@code "try another --provider"}
 */
record Advice(String who, String key, String keySite, String other) {
    private static final Pattern BAD_KEY =
            Pattern.compile("(?i)(token|key)[^.]{0,20}(invalid|not valid)|invalid[^.]{0,20}(token|key)");

    /** {@code failure} in those words; its kind and status stay. */
    FetchException on(FetchException failure) {
        String what = failure.getMessage().strip().replaceFirst("[.]+$", "");
        if (what.contains(". Maybe ")) {
            return failure.saying(who + " was not asked: " + what + ".");
        }
        return failure.saying(who + verb(failure) + what + ". Maybe " + maybe(failure) + ".");
    }

    private static String verb(FetchException failure) {
        if (failure.kind() != Kind.STATUS) {
            return " gives no answer: ";
        }
        return failure.status() >= 500 ? " is in trouble: " : " refuses: ";
    }

    private String maybe(FetchException failure) {
        return switch (failure.kind()) {
            case STATUS -> byStatus(failure.status(), failure.getMessage());
            case CONNECT, TIMEOUT, UNKNOWN_HOST, BROKEN ->
                "the network is down, or needs a proxy (HTTPS_PROXY); else try again later, or " + other;
            case TLS -> "the clock of this machine is wrong, or something on the way replaces certificates";
            default -> "the address is wrong; " + other;
        };
    }

    private String byStatus(int status, String said) {
        boolean badKey = !key.isEmpty() && status < 500 && BAD_KEY.matcher(said).find(); // Brave says it with a 422
        if (status == 401 || status == 403 || badKey) {
            return key.isEmpty()
                    ? "it lets in no programs at the moment; " + other
                    : "the key " + key + " is misspelt, expired or not for this"
                            + (keySite.isEmpty() ? "" : "; a new one comes from " + keySite);
        } else if (status == 429) {
            return "too much was asked for now; wait and try again, or " + other;
        } else if (status >= 500) {
            return "try again in some minutes, or " + other;
        }
        return "the address is wrong, or it has changed; " + other;
    }
}
