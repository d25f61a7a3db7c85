package espalier.web.predict;

import espalier.format.ModelFileException;
import espalier.predict.Predictor;
import espalier.web.LogText;
import espalier.web.WebException;
import espalier.web.predict.Loaded.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models by name, and the files they come from. A file is read whole into memory, so that whatever happens to it
 * afterwards touches no request. When a file has changed and has been still for one look, it is loaded beside the old
 * version and takes its place; when it cannot be loaded, or is gone, the old version stays, and says so. A file that
 * makes trouble is told of once, and hinders no other.
 */
final class Shelf implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ENDING = ".safetensors";
    private static final String ONNX = ".onnx";

    private final ConcurrentSkipListMap<String, Loaded> models = new ConcurrentSkipListMap<>();
    private final List<Path> places;
    private final Function<Path, Predictor> loader;
    /** What each file gave last, and is served. */
    private final Map<Path, Loaded> served = new HashMap<>();

    private final Map<Path, Seen> seen = new HashMap<>();
    private final Set<Path> unreadable = new HashSet<>();
    private final Thread watcher;
    private final long lookMillis;
    private final String first;
    private int generation;

    /** What a file looked like. */
    private record Stamp(long size, long millis, String key) {
        /** Of a file that is not there. */
        static final Stamp NONE = new Stamp(-1, -1, "");
    }

    /**
     * What is known of a file.
     *
     * @param tried what it looked like when it was last loaded, or could not be
     * @param usable whether it could
     * @param last what it looked like at the last look
     */
    private record Seen(Stamp tried, boolean usable, Stamp last) {
        static final Seen NEVER = new Seen(Stamp.NONE, false, Stamp.NONE);
    }

    /**
     * Loads all models.
     *
     * @param given models that were loaded by others, who close them too
     * @param places model files, and folders of model files
     * @param lookMillis how often to look whether a file has changed
     * @throws ModelFileException when there is no model, or one of the files cannot be loaded
     */
    Shelf(Map<String, Predictor> given, List<Path> places, long lookMillis) {
        this(given, places, lookMillis, Predictor::load);
    }

    /** The same with another way to load a file. */
    Shelf(Map<String, Predictor> given, List<Path> places, long lookMillis, Function<Path, Predictor> loader) {
        this.places = List.copyOf(places);
        this.lookMillis = lookMillis;
        this.loader = loader;
        try {
            first = begin(given);
        } catch (RuntimeException | Error failure) {
            models.values().forEach(Loaded::retire);
            throw failure;
        }
        watcher = new Thread(this::watch, "espalier-models");
        watcher.setDaemon(true);
        if (!places.isEmpty()) {
            watcher.start();
        }
    }

    /** Loads all, and gives the name of the first. */
    private String begin(Map<String, Predictor> given) {
        var names = new ArrayList<String>();
        given.forEach((name, predictor) -> {
            models.put(name, loaded(checked(name), predictor, false));
            names.add(name);
        });
        var all = new LinkedHashSet<Path>();
        places.forEach(place -> all.addAll(files(place)));
        for (Path file : all) {
            var stamp = stamp(file);
            names.add(load(file).name());
            seen.put(file, new Seen(stamp, true, stamp));
        }
        if (names.isEmpty()) {
            throw new ModelFileException("there is no model to serve in " + places
                    + ". Maybe another folder was meant: model files end in " + ENDING + " or " + ONNX + ".");
        }
        if (names.size() > 1) {
            LOG.info("{} answers requests that name no model", names.get(0));
        }
        return names.get(0);
    }

    /** Begins a use of a model's present version; {@code Loaded.leave} ends it. @throws WebException 404 when there is none */
    Loaded enter(String name) {
        while (true) {
            var model = models.get(name);
            if (model == null) {
                throw new WebException(404, "no_model", "There is no model of this name. See /api/models.");
            }
            if (model.enter()) {
                return model;
            }
        }
    }

    /**
     * The name of the model that answers when none is named: the first that was given, in a folder by the alphabet. It is
     * the same until the server stops, also when a file is added or its own is removed, as a model that was loaded stays.
     */
    String first() {
        return first;
    }

    /** The present versions by name. */
    Collection<Loaded> all() {
        return models.values();
    }

    /** How many are served from memory alone: their files are gone, or cannot be loaded any more. */
    int stale() {
        return (int) models.values().stream().filter(Loaded::isStale).count();
    }

    /** The files to serve in a place, in order. */
    private static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (var inside = Files.list(place)) {
            var all = inside.filter(file -> !stem(file).equals(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
            return all.stream()
                    .filter(file ->
                            !file.toString().endsWith(ONNX) || !all.contains(file.resolveSibling(stem(file) + ENDING)))
                    .toList();
        } catch (IOException failure) {
            throw new ModelFileException(
                    place + " cannot be read. Maybe it has gone, or may not be read by you.", failure);
        }
    }

    private static String name(Path file) {
        return checked(stem(file));
    }

    /** A file's name without the ending of a model. */
    private static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        for (String ending : List.of(ENDING, ONNX)) {
            if (name.endsWith(ending)) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ModelFileException("a model cannot be served as '" + LogText.of(name)
                    + "': names are letters, digits, '.', '_' and '-', at most 64. Maybe rename the file.");
        }
        return name;
    }

    /** Loads a file and serves it, instead of what it gave before. */
    private Loaded load(Path file) {
        String name = name(file);
        var old = Optional.ofNullable(served.get(file));
        if (old.isEmpty() && models.containsKey(name)) {
            throw new ModelFileException("two models are called " + name + ". Maybe rename one of the files.");
        }
        var fresh = loaded(name, loader.apply(file), true);
        models.put(name, fresh);
        served.put(file, fresh);
        old.ifPresent(Loaded::retire);
        return fresh;
    }

    private Loaded loaded(String name, Predictor predictor, boolean owned) {
        generation++;
        String digest = predictor.document().weightsSha256();
        String version = digest.substring(0, Math.min(12, digest.length())) + "." + generation;
        return new Loaded(name, predictor, version, owned);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(lookMillis);
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once at all files. */
    void look() {
        var all = new LinkedHashSet<Path>();
        for (Path place : places) {
            try {
                all.addAll(files(place));
                unreadable.remove(place);
            } catch (RuntimeException failure) {
                if (unreadable.add(place)) {
                    LOG.warn("could not look for changed models: {}", said(failure));
                }
            }
        }
        all.addAll(seen.keySet()); // those that are gone from their folder
        all.forEach(this::look);
    }

    private void look(Path file) {
        var now = stamp(file);
        boolean there = !now.equals(Stamp.NONE);
        var before = seen.getOrDefault(file, Seen.NEVER);
        boolean still = now.equals(before.last());
        if (there && still && !now.equals(before.tried())) {
            seen.put(file, new Seen(now, renewed(file), now)); // also when it is bad: once is enough to say so
        } else if (there || served.containsKey(file)) {
            seen.put(file, new Seen(before.tried(), before.usable(), now));
            if (still) {
                present(file, there, before.usable());
            }
        } else {
            seen.remove(file);
        }
    }

    /** Serves what a file has become, and tells whether that was possible. */
    private boolean renewed(Path file) {
        var old = Optional.ofNullable(served.get(file));
        try {
            var fresh = load(file);
            LOG.info(
                    "{} {} is served{}",
                    fresh.name(),
                    fresh.version(),
                    old.map(one -> " instead of " + one.version()).orElse(""));
            return true;
        } catch (RuntimeException | OutOfMemoryError bad) {
            old.ifPresent(one -> one.source(Source.UNUSABLE));
            LOG.warn(
                    "{} {}: {}",
                    LogText.of(file.toString()),
                    old.isPresent()
                            ? "has changed and cannot be loaded; what was served before stays"
                            : "cannot be served and is left out",
                    said(bad));
            return false;
        }
    }

    private static String said(Throwable failure) {
        return failure instanceof OutOfMemoryError
                ? "there is not enough memory. Maybe start Java with a larger -Xmx."
                : LogText.of(String.valueOf(failure.getMessage()));
    }

    /** Whether a file that was loaded is there, or gone: its model stays then, until the server stops. */
    private void present(Path file, boolean there, boolean usable) {
        Optional.ofNullable(served.get(file)).ifPresent(model -> {
            if (!there && model.source() != Source.MISSING) {
                model.source(Source.MISSING);
                LOG.warn(
                        "{} is gone; {} is served on from memory, until the server stops",
                        LogText.of(file.toString()),
                        model.name());
            } else if (there && model.source() == Source.MISSING) {
                model.source(usable ? Source.PRESENT : Source.UNUSABLE);
                LOG.info(
                        "{} is there again{}",
                        LogText.of(file.toString()),
                        usable ? "" : ", and still cannot be loaded; what was served before stays");
            }
        });
    }

    private static Stamp stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.size(),
                    attributes.lastModifiedTime().toMillis(),
                    Objects.toString(attributes.fileKey()));
        } catch (IOException gone) {
            return Stamp.NONE;
        }
    }

    /** Frees the models that were loaded here. */
    @Override
    public void close() {
        watcher.interrupt();
        try {
            watcher.join(5000);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        models.values().forEach(Loaded::retire);
    }
}
