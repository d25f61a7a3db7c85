package espalier.web.predict;

import espalier.web.Body;
import espalier.web.Json;
import espalier.web.WebException;
import io.javalin.http.Context;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The pictures in a request: fields {@code file} of a form, bytes as they are, or base64 in JSON. */
record Uploads(int mostFiles, int mostBytes) {
    private static final Set<String> PLAIN = Set.of("application/octet-stream", "binary/octet-stream");
    private static final int LONGEST_NAME = 200;

    /**
     * One picture.
     *
     * @param name what the sender calls it, or {@code "1"}, {@code "2"}, ...; a text, not a path
     * @param bytes its file
     */
    record Upload(String name, byte[] bytes) {}

    /** The one picture of a request. @throws WebException 400, 413 or 415 when there is no one */
    Upload one(Context ctx) {
        var all = files(ctx, 1);
        if (all.size() != 1) {
            throw new WebException(
                    400,
                    "one_file",
                    "One file is expected here, received " + all.size() + ". Maybe use /api/predict/batch.");
        }
        return all.get(0);
    }

    /** The pictures of a request, at least one. @throws WebException 400, 413 or 415 when there is none, or too many */
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
                    "A picture is expected: multipart/form-data with the field 'file', image/..., or application/json.");
        }
        if (files.isEmpty()) {
            throw new WebException(400, "no_file", "There is no field 'file' with a file in the request.");
        }
        files.forEach(file -> check(file.bytes()));
        return files;
    }

    private List<Upload> form(byte[] body, String type, int most) {
        var files = Multipart.parse(body, type, mostFiles).stream()
                .filter(part -> part.file().isPresent() && part.name().equals("file"))
                .map(part -> new Upload(shown(part.file().orElseThrow()), part.bytes()))
                .toList();
        if (files.size() > Math.max(1, most)) {
            throw new WebException(
                    400,
                    "one_file",
                    "One file is expected here, received " + files.size() + ". Maybe use /api/predict/batch.");
        }
        return files;
    }

    private List<Upload> json(Map<String, Object> object, int most) {
        if (most > 1 && object.containsKey("images")) {
            var texts = Json.texts(object, "images", most);
            return java.util.stream.IntStream.range(0, texts.size())
                    .mapToObj(i -> new Upload(Integer.toString(i + 1), decoded(texts.get(i))))
                    .toList();
        }
        return List.of(new Upload("1", decoded(Json.text(object, "image"))));
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException wrong) {
            throw new WebException(400, "bad_base64", "The picture is not valid base64.");
        }
    }

    private void check(byte[] bytes) {
        if (bytes.length > mostBytes) {
            throw new WebException(
                    413, "too_large", "A file may have " + mostBytes + " bytes, received " + bytes.length + ".");
        }
        if (bytes.length == 0) {
            throw new WebException(400, "no_file", "A file is empty.");
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
