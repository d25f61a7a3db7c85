package espalier.collect.search;

import tools.jackson.databind.JsonNode;

/** Reads answers that may lack any field. */
final class Json {
    private Json() {}

    /** The text at {@code path} (names with dots between); empty when it is missing, null or no plain value. */
    static String text(JsonNode node, String path) {
        JsonNode found = node;
        for (String name : path.split("\\.")) {
            found = found.path(name);
        }
        return found.isValueNode() && !found.isNull() ? found.asString("") : "";
    }

    /** What a server said, without the full stop that it may end with. */
    static String clause(String said) {
        return said.strip().replaceFirst("[.]+$", "");
    }

    /** {@code html} without its tags and with its commonest entities as characters. */
    static String plain(String html) {
        return html.replaceAll("<[^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#039;", "'")
                .replace("&nbsp;", " ")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
