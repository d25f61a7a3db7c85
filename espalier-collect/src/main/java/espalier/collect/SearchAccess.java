package espalier.collect;

import espalier.collect.fetch.Api;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Request;
import espalier.collect.fetch.Url;
import espalier.report.DataException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a provider is given to work with: its base address, the keys of the environment, the connection. */
public final class SearchAccess {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ImageSearch asked;
    private final String provider;
    private final Url base;
    private final Map<String, String> env;
    private final Api api;

    SearchAccess(ImageSearch asked, Url base, Map<String, String> env, Api api) {
        this.asked = asked;
        this.provider = asked.name();
        this.base = base;
        this.env = env;
        this.api = api;
    }

    /** A request for {@code path} (from the slash on) below the base address. */
    public Request request(String path) {
        String prefix = base.target().replaceFirst("/$", "");
        return Request.of(new Url(base.scheme(), base.host(), base.port(), prefix + path));
    }

    /**
     * A request for an address that an answer named, asked of the base address's server whatever server
     * it names: keys go nowhere else.
     */
    public Request again(String address) throws FetchException {
        return Request.of(
                new Url(base.scheme(), base.host(), base.port(), Url.of(address).target()));
    }

    /** The key in the environment variable {@code variable}. */
    public Optional<String> key(String variable) {
        return Optional.ofNullable(env.get(variable)).map(String::strip).filter(key -> !key.isEmpty());
    }

    /**
     * The key in the environment variable {@code variable}.
     *
     * @throws DataException when it is not set
     */
    public String requiredKey(String variable) {
        return key(variable).orElseThrow(() -> new DataException(missing(asked, variable)));
    }

    /** That {@code provider} needs a key in {@code variable}. */
    static String missing(ImageSearch provider, String variable) {
        String site = provider.keySite().isEmpty() ? "" : "get one at " + provider.keySite() + ", or ";
        return "The provider " + provider.name() + " needs a key in the environment variable " + variable
                + ", which is not set. Maybe " + site + "use --provider openverse, which needs none.";
    }

    /**
     * The JSON that the server answers.
     *
     * @throws FetchException when it does not answer or refuses; the message says what may help
     * @throws DataException when it answers something else, such as a page with a captcha
     */
    public JsonNode json(Request request) throws IOException {
        return json(request, answer -> false);
    }

    /**
     * The JSON that the server answers; answers of which {@code busy} says that they only tell of a busy server are waited
     * out as HTTP 503 is.
     *
     * @throws FetchException when it does not answer, refuses or stays busy; the message says what may help
     * @throws DataException when it answers something else, such as a page with a captcha
     */
    public JsonNode json(Request request, Predicate<JsonNode> busy) throws IOException {
        String text;
        try {
            text = api.text(request, said -> isBusy(said, busy));
        } catch (FetchException failure) {
            throw advice().on(failure);
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException broken) {
            FileType type = FileType.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            String what = type == FileType.JSON ? "JSON that is broken or cut off" : type.mime() + " instead of JSON";
            throw new DataException("The provider " + provider + " answered with " + what
                    + ". Maybe it wants a human to click, or has changed; try another --provider.");
        }
    }

    private static boolean isBusy(String text, Predicate<JsonNode> busy) {
        try {
            return busy.test(JSON.readTree(text));
        } catch (JacksonException broken) {
            return false; // told by who reads it
        }
    }

    private Advice advice() {
        String set = asked.keys().stream()
                .filter(variable -> key(variable).isPresent())
                .findFirst()
                .map(variable -> "in " + variable)
                .orElse("");
        return new Advice("the provider " + provider, set, asked.keySite(), "use another --provider");
    }
}
