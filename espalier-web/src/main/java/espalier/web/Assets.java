package espalier.web;

import espalier.files.Sha256;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a page, each at one exact address. They are read from the class path when named here; no address of a
 * request ever becomes a path. Immutable.
 */
public final class Assets {
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css;charset=utf-8",
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "mjs", "text/javascript;charset=utf-8",
            "png", "image/png",
            "svg", "image/svg+xml",
            "txt", "text/plain;charset=utf-8",
            "yaml", "application/yaml;charset=utf-8");

    private final Class<?> beside;
    private final Map<String, Asset> files;

    /** One file as it is sent. */
    private record Asset(String type, byte[] bytes, String tag) {}

    private Assets(Class<?> beside, Map<String, Asset> files) {
        this.beside = beside;
        this.files = files;
    }

    /** No files yet; those that follow lie beside {@code owner} among the resources. */
    public static Assets of(Class<?> owner) {
        return new Assets(owner, Map.of());
    }

    /** What every page has: the front end's libraries below {@code /vendor/}, {@code /espalier.js} and {@code /espalier.css}. */
    static Assets shared() {
        return of(Assets.class)
                .file("/espalier.css", "espalier.css")
                .file("/espalier.js", "espalier.js")
                .file("/favicon.ico", "favicon.svg")
                .file("/vendor/hooks.mjs", "vendor/hooks.mjs")
                .file("/vendor/htm.mjs", "vendor/htm.mjs")
                .file("/vendor/pico.css", "vendor/pico.css")
                .file("/vendor/preact.mjs", "vendor/preact.mjs")
                .file("/vendor/uplot.css", "vendor/uplot.css")
                .file("/vendor/uplot.mjs", "vendor/uplot.mjs");
    }

    /**
     * A copy with another file.
     *
     * @param address such as {@code "/monitor.js"}
     * @param resource its name beside the owner, whose ending says its type
     */
    public Assets file(String address, String resource) {
        String type = Optional.ofNullable(TYPES.get(resource.substring(resource.lastIndexOf('.') + 1)))
                .orElseThrow(() -> new IllegalArgumentException(
                        resource + " has no known type. Maybe its ending is missing: " + TYPES.keySet()));
        try (var stream = beside.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no resource " + resource + " beside " + beside.getName()
                        + ". Maybe it lies in another folder.");
            }
            byte[] bytes = stream.readAllBytes();
            return with(address, new Asset(type, bytes, tag(bytes)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A copy with a text that is made here. */
    public Assets text(String address, String ending, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return with(address, new Asset(TYPES.getOrDefault(ending, "text/plain"), bytes, tag(bytes)));
    }

    /** A copy with all files of the other, too. */
    Assets and(Assets other) {
        Map<String, Asset> all = new LinkedHashMap<>(files);
        all.putAll(other.files);
        return new Assets(beside, all);
    }

    private Assets with(String address, Asset asset) {
        Map<String, Asset> all = new LinkedHashMap<>(files);
        all.put(address, asset);
        return new Assets(beside, all);
    }

    /** The addresses. */
    Iterable<String> addresses() {
        return files.keySet();
    }

    /** Sends the file of an address; a browser that has it already is told so. */
    void send(Context ctx, String address) {
        var asset = Optional.ofNullable(files.get(address)).orElseThrow();
        ctx.header("ETag", asset.tag()).header("Cache-Control", "no-cache");
        if (asset.tag().equals(ctx.header("If-None-Match"))) {
            ctx.status(304);
        } else {
            ctx.contentType(asset.type()).result(asset.bytes());
        }
    }

    private static String tag(byte[] bytes) {
        return '"' + new Sha256().add(bytes).hex().substring(0, 24) + '"';
    }
}
