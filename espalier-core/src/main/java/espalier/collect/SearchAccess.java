package espalier.collect;

import espalier.collect.fetch.Api;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Request;
import espalier.collect.fetch.Url;
import espalier.data.DataException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a provider is given to work with: its base address, the keys of the environment, the connection. */
public final class SearchAccess {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String provider;
    private final Url base;
    private final Map<String, String> env;
    private final Api api;

    SearchAccess(String provider, Url base, Map<String, String> env, Api api) {
        this.provider = provider;
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
        return key(variable)
                .orElseThrow(
                        () -> new DataException("The provider " + provider + " needs a key in the environment variable "
                                + variable + ". Maybe use --provider openverse, which needs none."));
    }

    /**
     * The JSON that the server answers.
     *
     * @throws DataException when it answers something else, such as a page with a captcha
     */
    public JsonNode json(Request request) throws IOException {
        String text = api.text(request);
        try {
            return JSON.readTree(text);
        } catch (JacksonException broken) {
            FileType type = FileType.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            String what = type == FileType.JSON ? "JSON that is broken or cut off" : type.words() + " instead of JSON";
            throw new DataException("The provider " + provider + " answered with " + what
                    + ". Maybe it wants a human to click, or has changed; try another --provider.");
        }
    }
}
