package espalier.collect;

import espalier.collect.fetch.Api;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.FetchOptions;
import espalier.collect.fetch.Fetcher;
import espalier.collect.fetch.Request;
import espalier.report.DataException;
import espalier.report.Progress;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Downloads competitions and data sets from Kaggle: resumed after a break, checked against the storage's
 * MD5, the key shown to Kaggle only and not to the storage it redirects to.
 *
 * @param credentials who asks
 * @param endpoint the address of the interface, {@code https://www.kaggle.com/api/v1}
 * @param fetch limits and guards
 * @param progress hears of the bytes that have arrived
 */
public record Kaggle(KaggleCredentials credentials, String endpoint, FetchOptions fetch, Progress progress) {
    private static final String SITE = "https://www.kaggle.com";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Kaggle with these credentials. */
    public static Kaggle of(KaggleCredentials credentials) {
        return new Kaggle(credentials, SITE + "/api/v1", FileDownload.large(), Progress.NONE);
    }

    /** This, asking at another address. */
    public Kaggle endpoint(String address) {
        return new Kaggle(credentials, address.replaceFirst("/+$", ""), fetch, progress);
    }

    /** This with other limits and guards. */
    public Kaggle fetch(FetchOptions options) {
        return new Kaggle(credentials, endpoint, options, progress);
    }

    /** This, telling {@code listener} of the bytes that have arrived. */
    public Kaggle progress(Progress listener) {
        return new Kaggle(credentials, endpoint, fetch, listener);
    }

    /**
     * The names of a competition's files.
     *
     * @throws DataException when there is no such competition, or its rules were not accepted
     */
    public List<String> files(String competition) throws IOException {
        String name = checkedCompetition(competition);
        var names = new ArrayList<String>();
        String page = "";
        do {
            Request request = request("/competitions/data/list/" + name);
            request = page.isEmpty() ? request : request.parameter("pageToken", page);
            JsonNode answer = list(request, name);
            for (JsonNode file : answer.isArray() ? answer : answer.path("files")) {
                names.add(file.path("name").asString(""));
            }
            String next = answer.path("nextPageToken").asString("");
            page = next.equals(page) ? "" : next;
        } while (!page.isEmpty() && names.size() < 100_000);
        return names;
    }

    private JsonNode list(Request request, String name) throws IOException {
        try {
            return JSON.readTree(Api.of(Fetcher.of(fetch)).text(request));
        } catch (FetchException failure) {
            throw explained(failure, "competition " + name, SITE + "/c/" + name);
        } catch (JacksonException broken) {
            throw new DataException("Kaggle's list of files is no JSON. Maybe the endpoint is wrong.", broken);
        }
    }

    /** Downloads all files of a competition as one archive into {@code directory}; gives its path. */
    public Path competition(String competition, Path directory) throws IOException {
        String name = checkedCompetition(competition);
        return download(
                "/competitions/data/download-all/" + name,
                directory.resolve(name + ".zip"),
                "competition " + name,
                SITE + "/c/" + name);
    }

    /** Downloads one file of a competition into {@code directory}; gives its path. */
    public Path competition(String competition, String file, Path directory) throws IOException {
        String name = checkedCompetition(competition);
        return download(
                "/competitions/data/download/" + name + "/" + encoded(file),
                directory.resolve(FileNames.safe(file)),
                "file " + file + " in competition " + name,
                SITE + "/c/" + name);
    }

    /** Downloads a data set as one archive into {@code directory}; gives its path. */
    public Path dataset(String ownerAndSlug, Path directory) throws IOException {
        String name = checkedDataset(ownerAndSlug);
        return download(
                "/datasets/download/" + name,
                directory.resolve(FileNames.safe(name.replaceFirst(".*/", "")) + ".zip"),
                "data set " + name,
                SITE + "/datasets/" + name);
    }

    /** Downloads one file of a data set into {@code directory}; gives its path. */
    public Path dataset(String ownerAndSlug, String file, Path directory) throws IOException {
        String name = checkedDataset(ownerAndSlug);
        return download(
                "/datasets/download/" + name + "/" + encoded(file),
                directory.resolve(FileNames.safe(file)),
                "file " + file + " in data set " + name,
                SITE + "/datasets/" + name);
    }

    private Path download(String path, Path target, String what, String page) throws IOException {
        try {
            Path packed = target.resolveSibling(target.getFileName() + ".zip");
            if (Files.exists(packed)) {
                new SourceNote(target).check(request(path));
                return packed;
            }
            FileDownload.of(request(path), target)
                    .rememberingSource()
                    .fetch(fetch)
                    .progress(progress)
                    .run();
            // Kaggle packs large single files without saying so.
            if (FileType.of(target) == FileType.ZIP && !FileType.ZIP.fits(target.toString())) {
                return Files.move(target, packed, StandardCopyOption.ATOMIC_MOVE);
            }
            return target;
        } catch (FetchException failure) {
            throw explained(failure, what, page);
        }
    }

    private Request request(String path) throws FetchException {
        return Request.of(endpoint + path).secretHeader("Authorization", credentials.authorization());
    }

    /** What a beginner needs to know about a refusal or a silence. */
    private static IOException explained(FetchException failure, String what, String page) {
        String advice =
                switch (failure.status()) {
                    case 401 ->
                        "Kaggle does not accept the key. Maybe make a new one at " + SITE
                                + "/settings (\"Create New Token\") and save it as ~/.kaggle/kaggle.json.";
                    case 403 -> refused(what, page);
                    case 404 -> "Kaggle has no " + what + ". Maybe the name in the address bar of its page is another.";
                    case 429 -> "Kaggle asks to slow down. Maybe try again in some minutes.";
                    default -> "";
                };
        return advice.isEmpty()
                ? new Advice("Kaggle", "", "", "look at " + page).on(failure)
                : new RefusedException(advice, failure);
    }

    private static String refused(String what, String page) {
        if (page.contains("/c/")) {
            return "Kaggle refuses the " + what + ": its rules were not accepted. Maybe open " + page
                    + "/rules in a browser, accept them and try again.";
        }
        return "Kaggle refuses the " + what + ": this key may not read it (HTTP 403). Maybe it is private or asks for"
                + " consent; open " + page + " in a browser, signed in as the owner of the key.";
    }

    /** A refusal by Kaggle that the user can do something about. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** {@code name} when it can be that of a competition. @throws IllegalArgumentException when it cannot */
    public static String checkedCompetition(String name) {
        return checked(name, "[A-Za-z0-9-]+", "titanic");
    }

    /** {@code name} when it can be OWNER/SLUG of a data set. @throws IllegalArgumentException when it cannot */
    public static String checkedDataset(String name) {
        return checked(name, "[A-Za-z0-9_-]+/[A-Za-z0-9_-][A-Za-z0-9_.-]*", "zillow/zecon");
    }

    private static String checked(String name, String pattern, String example) {
        if (!name.matches(pattern)) {
            throw new IllegalArgumentException("Expected a name such as " + example + ", got " + name
                    + ". Maybe take it from the address of the page.");
        }
        return name;
    }

    private static String encoded(String file) {
        return URLEncoder.encode(file, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
