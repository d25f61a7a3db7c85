package espalier.web.predict;

import espalier.web.Body;
import espalier.web.Json;
import espalier.web.WebException;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The pictures in a request: fields {@code file} of a form, bytes as they are, or base64 in JSON. */
record Uploads(int mostFiles, int mostBytes) {
    private static final Set<String> PLAIN = Set.of("application/octet-stream", "binary/octet-stream");
    private static final Pattern DATA_URL = Pattern.compile("(?i)data:[^,;]{0,100}(?:;[^,;]{1,100}){0,5};base64,");
    private static final int LONGEST_NAME = 200;

    /**
     * One picture.
     *
     * @param name what the sender calls it, or {@code "1"}, {@code "2"}, ...; a text, not a path
     * @param bytes its file; none when there is a problem
     * @param problem why it cannot be a picture, as far as that is seen before it is read
     */
    record Upload(String name, byte[] bytes, Optional<WebException> problem) {
        private Upload(String name, byte[] bytes) {
            this(
                    name,
                    bytes,
                    bytes.length > 0
                            ? Optional.empty()
                            : Optional.of(new WebException(400, "no_file", "The file is empty.")));
        }

        private Upload(String name, WebException problem) {
            this(name, new byte[0], Optional.of(problem));
        }
    }

    /** The one picture of a request. @throws WebException 400, 413 or 415 when there is no one */
    Upload one(Context ctx) {
        var all = files(ctx, 1);
        if (all.size() != 1) {
            throw new WebException(
                    400,
                    "one_file",
                    "One file is expected here, received " + all.size() + ". Maybe use /api/predict/batch.");
        }
        if (all.get(0).problem().isPresent()) {
            throw all.get(0).problem().get();
        }
        return all.get(0);
    }

    /** The pictures of a request, at least one, each maybe with a problem of its own. @throws WebException 400, 413 or 415 when there is none, or too many */
    List<Upload> several(Context ctx) {
        return files(ctx, mostFiles);
    }

    private List<Upload> files(Context ctx, int most) {
        String whole = String.valueOf(ctx.req().getContentType());
        String type = whole.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        byte[] body = Body.bytes(ctx);
        if (body.length == 0) {
            throw new WebException(400, "no_file", "The request has no body. Maybe the picture was forgotten.");
        }
        List<Upload> files;
        if (type.equals("multipart/form-data")) {
            files = form(body, whole, most);
        } else if (type.equals("application/json")) {
            files = json(Json.object(body), most);
        } else if (type.startsWith("image/") || PLAIN.contains(type)) {
            files = List.of(new Upload("1", body));
        } else {
            throw new WebException(
                    415,
                    "unsupported_type",
                    "The header Content-Type says how the picture comes: image/... or application/octet-stream as it is,"
                            + " multipart/form-data with the field 'file', or application/json with 'image' in base64,"
                            + " or with a text as 'text'.");
        }
        files.forEach(file -> check(file.bytes()));
        return files;
    }

    private List<Upload> form(byte[] body, String type, int most) {
        var files = Multipart.parse(body, type, mostFiles).stream()
                .filter(part -> part.file().isPresent() && part.name().equals("file"))
                .map(part -> new Upload(shown(part.file().orElseThrow()), part.bytes()))
                .toList();
        if (files.isEmpty()) {
            throw new WebException(400, "no_file", "There is no field 'file' with a file in the form.");
        }
        if (files.size() > Math.max(1, most)) {
            throw new WebException(
                    400,
                    "one_file",
                    "One file is expected here, received " + files.size() + ". Maybe use /api/predict/batch.");
        }
        return files;
    }

    private List<Upload> json(Map<String, Object> object, int most) {
        if (object.containsKey("text")) {
            return List.of(text("1", Json.text(object, "text")));
        }
        if (most > 1 && object.containsKey("texts")) {
            var texts = Json.texts(object, "texts", most);
            if (texts.isEmpty()) {
                throw new WebException(400, "no_file", "The list 'texts' is empty: at least one text is expected.");
            }
            return IntStream.range(0, texts.size())
                    .mapToObj(i -> text(Integer.toString(i + 1), texts.get(i)))
                    .toList();
        }
        if (most > 1 && object.containsKey("images")) {
            return images(Json.list(object, "images", most));
        }
        if (most <= 1 && object.containsKey("images") && !object.containsKey("image")) {
            throw new WebException(
                    400, "one_file", "One picture is expected here, as 'image'. Maybe use /api/predict/batch.");
        }
        return List.of(decoded("1", Json.text(object, "image")));
    }

    private static Upload text(String name, String text) {
        return new Upload(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Upload> images(List<?> images) {
        if (images.isEmpty()) {
            throw new WebException(400, "no_file", "The list 'images' is empty: at least one picture is expected.");
        }
        var files = new ArrayList<Upload>();
        for (Object image : images) {
            String name = Integer.toString(files.size() + 1);
            files.add(
                    image instanceof String text
                            ? decoded(name, text)
                            : new Upload(
                                    name,
                                    new WebException(400, "bad_field", "The picture must be a text with base64.")));
        }
        return files;
    }

    /**
     * Of either alphabet of RFC 4648, with line ends as of MIME, and of what pages call a data URL: {@code
     * data:image/png;base64,...}.
     */
    private static Upload decoded(String name, String text) {
        var url = DATA_URL.matcher(text);
        boolean plainUrl = !url.lookingAt() && text.regionMatches(true, 0, "data:", 0, 5);
        if (plainUrl) {
            return new Upload(
                    name,
                    new WebException(
                            400,
                            "bad_base64",
                            "The picture is a data URL without ';base64'. Maybe encode it: data:image/png;base64,..."));
        }
        String digits = (url.lookingAt() ? text.substring(url.end()) : text)
                .replace("\r", "")
                .replace("\n", "");
        boolean safe = digits.indexOf('-') >= 0 || digits.indexOf('_') >= 0;
        try {
            return new Upload(name, (safe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(digits));
        } catch (IllegalArgumentException wrong) {
            return new Upload(name, new WebException(400, "bad_base64", "The picture is not valid base64."));
        }
    }

    private void check(byte[] bytes) {
        if (bytes.length > mostBytes) {
            throw new WebException(
                    413,
                    "too_large",
                    "A file may have at most " + mostBytes + " bytes, received " + bytes.length + ".");
        }
    }

    private static String shown(String name) {
        String text = name.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(LONGEST_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.isBlank() ? "file" : text;
    }
}
