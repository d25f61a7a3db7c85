package espalier.examples.book;

import espalier.data.Splits;
import espalier.files.Folders;
import espalier.item.Item;
import espalier.item.Items;
import espalier.report.DataException;
import espalier.vision.model.Architecture;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a chapter runs on: small bundled pictures, or your own at the size that its network was made for.
 *
 * @param pictures the bundled pictures, in folders {@code train} and {@code test} with a folder for each class; your own in a
 *     folder for each class
 * @param out a folder for what the chapter writes
 * @param full whether the pictures are your own
 */
public record Stage(Path pictures, Path out, boolean full) {
    private static final double TEST_SHARE = 0.2;
    private static final String COPIES = "your-pictures";

    /** The bundled pictures of 28 pixels, in folders {@code train} and {@code test}. */
    public static Stage bundled(Path pictures, Path out) {
        return new Stage(pictures, out, false);
    }

    /** Your own pictures in a folder for each class, at their real size; a fifth of each class is kept for the test. */
    public static Stage full(Path pictures, Path out) {
        return new Stage(pictures, out, true);
    }

    /** The side of pictures in pixels: {@code small} for the bundled, {@code real} for your own. */
    int side(int small, int real) {
        return full ? real : small;
    }

    /**
     * Gives a folder with {@code train} and {@code test} that holds the pictures of some classes. Of your own pictures the
     * first classes by name take the place of these, as many as there are.
     *
     * @throws DataException when there are fewer than two classes to tell apart
     */
    Path only(String... classes) throws IOException {
        return full ? own(classes.length) : bundled(classes);
    }

    private Path bundled(String... classes) throws IOException {
        Path folder = out.resolve(String.join("-", classes));
        for (String part : List.of("train", "test")) {
            for (String name : classes) {
                for (Item item : items(pictures.resolve(part).resolve(name))) {
                    put(item, folder.resolve(part).resolve(name));
                }
            }
        }
        return folder;
    }

    private Path own(int wanted) throws IOException {
        var names = names(wanted);
        Path folder = out.resolve(COPIES).resolve(String.join("-", names));
        if (pictures.toRealPath().startsWith(folder.toAbsolutePath().normalize())) {
            throw new DataException(
                    pictures + " is where a chapter keeps its copies. Maybe the pictures themselves were meant.");
        }
        Folders.delete(folder); // what other pictures of these classes have left
        for (String name : names) {
            split(name, folder);
        }
        return folder;
    }

    private List<String> names(int wanted) throws IOException {
        try (var folders = Files.list(pictures)) {
            var names = folders.filter(Files::isDirectory)
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .limit(wanted)
                    .toList();
            if (names.size() < Math.min(2, wanted)) {
                throw new DataException(
                        "there are " + names.size() + " folders of pictures in " + pictures
                                + ", expected one for each of two classes or more. Maybe the classes' folders are one level deeper.");
            }
            return names;
        }
    }

    private void split(String name, Path folder) throws IOException {
        var items = items(pictures.resolve(name));
        var labels = items.stream().map(item -> List.of(name)).toList();
        var parts = Splits.stratified(TEST_SHARE).seed(Splits.STANDARD_SEED).split(items, labels);
        for (int i = 0; i < items.size(); i++) {
            String part = parts.get(i) == Splits.Part.TRAIN ? "train" : "test";
            put(items.get(i), folder.resolve(part).resolve(name));
        }
    }

    private static List<Item> items(Path folder) {
        return Items.imageFiles().find(folder).items();
    }

    private static void put(Item item, Path folder) throws IOException {
        Path copy = Files.createDirectories(folder).resolve(item.id().replace('/', '-'));
        if (!Files.exists(copy)) {
            Files.copy(item.path(), copy);
        }
    }

    /** Runs {@code action} with a provider of architectures named in {@code META-INF/services}, as in a jar of one's own. */
    void provided(Class<? extends Architecture.Provider> provider, Runnable action) throws IOException {
        Path jar = out.resolve("jar");
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(Architecture.Provider.class.getName()), provider.getName());
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
