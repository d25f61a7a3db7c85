package espalier.web.predict;

import espalier.model.ModelFileException;
import espalier.model.Predictor;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models by name, and the files they come from. A file is read whole into memory, so that whatever happens to it
 * afterwards touches no request. When a file has changed and has been still for one look, it is loaded beside the old
 * version and takes its place; when it cannot be loaded, or is gone, the old version stays, and says so.
 */
final class Shelf implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ENDING = ".safetensors";

    private final ConcurrentSkipListMap<String, Loaded> models = new ConcurrentSkipListMap<>();
    private final List<Path> places;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Thread watcher;
    private final long lookMillis;
    private final String first;
    private int generation;

    /** What a file looked like. */
    private record Stamp(long size, long millis, String key) {
        /** Of a file that is not there. */
        static final Stamp NONE = new Stamp(-1, -1, "");
    }

    /** What a file looked like when it was last loaded, and at the last look. */
    private record Seen(Stamp loaded, Stamp last) {}

    /**
     * Loads all models.
     *
     * @param given models that were loaded by others, who close them too
     * @param places model files, and folders of model files
     * @param lookMillis how often to look whether a file has changed
     * @throws ModelFileException when there is no model, or one of the files cannot be loaded
     */
    Shelf(Map<String, Predictor> given, List<Path> places, long lookMillis) {
        this.places = List.copyOf(places);
        this.lookMillis = lookMillis;
        var names = new ArrayList<String>();
        given.forEach((name, predictor) -> {
            models.put(name, loaded(checked(name), predictor, false));
            names.add(name);
        });
        for (Path file : files()) {
            var stamp = stamp(file);
            put(name(file), Predictor.load(file));
            seen.put(file, new Seen(stamp, stamp));
            names.add(name(file));
        }
        if (models.isEmpty()) {
            throw new ModelFileException("there is no model to serve in " + places
                    + ". Maybe another folder was meant: model files end in " + ENDING + ".");
        }
        first = names.get(0);
        if (names.size() > 1) {
            LOG.info("{} answers requests that name no model", first);
        }
        watcher = new Thread(this::watch, "espalier-models");
        watcher.setDaemon(true);
        if (!places.isEmpty()) {
            watcher.start();
        }
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

    /** The files to serve, in order; two of the same name are refused. */
    private List<Path> files() {
        var files = new ArrayList<Path>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (var inside = Files.list(place)) {
                    inside.filter(file -> file.toString().endsWith(ENDING))
                            .sorted()
                            .forEach(files::add);
                } catch (IOException failure) {
                    throw new ModelFileException(
                            place + " cannot be read. Maybe it has gone, or may not be read by you.", failure);
                }
            } else {
                files.add(place);
            }
        }
        return files;
    }

    private static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return checked(name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ModelFileException("a model cannot be served as '" + LogText.of(name)
                    + "': names are letters, digits, '.', '_' and '-', at most 64. Maybe rename the file.");
        }
        return name;
    }

    private void put(String name, Predictor predictor) {
        if (models.putIfAbsent(name, loaded(name, predictor, true)) != null) {
            predictor.close();
            throw new ModelFileException("two models are called " + name + ". Maybe rename one of the files.");
        }
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

    private void look() {
        try {
            var all = new LinkedHashSet<>(files());
            all.addAll(seen.keySet()); // those that are gone from their folder
            all.forEach(this::look);
        } catch (RuntimeException failure) {
            LOG.warn("could not look for changed models: {}", LogText.of(String.valueOf(failure.getMessage())));
        }
    }

    private void look(Path file) {
        var now = stamp(file);
        var before = seen.getOrDefault(file, new Seen(Stamp.NONE, Stamp.NONE));
        boolean changed = !now.equals(before.loaded());
        boolean still = now.equals(before.last());
        if (!changed || !still || now.equals(Stamp.NONE)) {
            seen.put(file, new Seen(before.loaded(), now));
            if (still) {
                present(file, !now.equals(Stamp.NONE));
            }
            return;
        }
        seen.put(file, new Seen(now, now)); // also when it is bad: once is enough to say so
        try {
            String name = name(file);
            var fresh = loaded(name, Predictor.load(file), true);
            var old = models.put(name, fresh);
            LOG.info("loaded {} {} {}", name, fresh.version(), old == null ? "" : "instead of " + old.version());
            if (old != null) {
                old.retire();
            }
        } catch (RuntimeException bad) {
            of(file).ifPresent(served -> served.source(Source.UNUSABLE));
            LOG.warn(
                    "{} has changed and cannot be loaded; what was served before stays: {}",
                    LogText.of(String.valueOf(file.getFileName())),
                    LogText.of(String.valueOf(bad.getMessage())));
        }
    }

    /** Whether a file that was loaded is there, or gone: its model stays then, until the server stops. */
    private void present(Path file, boolean there) {
        of(file).ifPresent(served -> {
            if (!there && served.source() != Source.MISSING) {
                served.source(Source.MISSING);
                LOG.warn(
                        "{} is gone; {} is served on from memory, until the server stops",
                        LogText.of(file.toString()),
                        served.name());
            } else if (there && served.source() == Source.MISSING) {
                served.source(Source.PRESENT);
                LOG.info("{} is there again", LogText.of(file.toString()));
            }
        });
    }

    /** The model that a file gave; empty when it gave none. */
    private Optional<Loaded> of(Path file) {
        String name = String.valueOf(file.getFileName());
        return Optional.ofNullable(models.get(name.endsWith(ENDING) ? name(file) : name))
                .filter(served -> served.source() != Source.NONE);
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
