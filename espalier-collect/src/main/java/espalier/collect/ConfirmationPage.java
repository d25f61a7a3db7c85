package espalier.collect;

import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Request;
import espalier.collect.fetch.Response;
import espalier.collect.fetch.Url;
import espalier.report.DataException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that Google Drive answers with in place of a large file, "can't scan this file for viruses": a form, or formerly a link,
 * that leads to the file.
 */
final class ConfirmationPage {
    private static final int LARGEST = 1 << 20;
    private static final Pattern FORM = Pattern.compile("<form\\b[^>]*\\bid=\"download-form\"[^>]*>");
    private static final Pattern FIELD = Pattern.compile("<input\\b[^>]*\\btype=\"hidden\"[^>]*>");
    private static final Pattern LINK = Pattern.compile("<a\\b[^>]*\\bhref=\"([^\"]*[?;&]confirm=[^\"]*)\"");

    private ConfirmationPage() {}

    /** Whether it is such a page, or another about the file, rather than the file: a page that is no attachment, at such an address. */
    static boolean is(Request asked, Response response) {
        String query = asked.url().target().replaceFirst("^[^?]*[?]?", "&") + "&";
        return query.contains("&export=download&")
                && query.contains("&id=")
                && response.header("content-type")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("text/html")
                && response.header("content-disposition").isEmpty();
    }

    /**
     * What to ask for instead.
     *
     * @throws DataException when the page does not lead to the file
     */
    static Request next(Response page) throws IOException {
        String html = page.text(LARGEST);
        var url = form(page.url(), html);
        if (url.isEmpty()) {
            var link = LINK.matcher(html);
            url = link.find() ? Optional.of(page.url().resolve(plain(link.group(1)))) : url;
        }
        return url.map(Request::of)
                .orElseThrow(() -> new DataException(page.url().host() + " answers with a page instead of the file."
                        + " Maybe it is not shared with everyone, or was downloaded too often today; look at the address in"
                        + " a browser."));
    }

    private static Optional<Url> form(Url page, String html) throws FetchException {
        var form = FORM.matcher(html);
        if (!form.find()) {
            return Optional.empty();
        }
        Url url = page.resolve(attribute(form.group(), "action").orElse(""));
        int end = html.indexOf("</form>", form.end());
        Matcher field = FIELD.matcher(html.substring(form.end(), end < 0 ? html.length() : end));
        while (field.find()) {
            var name = attribute(field.group(), "name");
            if (name.isPresent()) {
                url = url.with(name.get(), attribute(field.group(), "value").orElse(""));
            }
        }
        return Optional.of(url);
    }

    private static Optional<String> attribute(String tag, String name) {
        var found = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
        return found.find() ? Optional.of(plain(found.group(1))) : Optional.empty();
    }

    private static String plain(String attribute) {
        return attribute.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }
}
