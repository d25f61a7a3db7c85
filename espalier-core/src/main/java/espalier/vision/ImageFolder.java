package espalier.vision;

import espalier.dataset.Dataset;
import espalier.dataset.Example;
import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.ImageType;
import espalier.image.Transforms;
import espalier.report.DataException;
import espalier.rng.Rng;
import espalier.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Pictures in one folder for each class as a data set for a loop by hand, as torchvision's {@code ImageFolder}: inputs are
 * float32 {@code [3, H, W]} from 0 to 1, targets the index of the class in alphabetical order.
 *
 * <p>For training with the learner use {@code DataBlock}, which splits, caches and reports.
 */
public final class ImageFolder implements Dataset {
    /** A picture and its class. */
    private record Picture(Path file, int label) {}

    private final List<String> classes;
    private final List<Picture> pictures;
    private final List<Transform<Image>> transforms;

    private ImageFolder(List<String> classes, List<Picture> pictures, List<Transform<Image>> transforms) {
        this.classes = classes;
        this.pictures = pictures;
        this.transforms = transforms;
    }

    /**
     * The pictures below {@code root}, known by their file names' endings.
     *
     * @throws DataException when there are none
     */
    public static ImageFolder of(Path root) {
        return of(root, ImageFolder::looksLikeAPicture);
    }

    /** The files below {@code root} that {@code isValidFile} accepts. @throws DataException when there are none */
    public static ImageFolder of(Path root, Predicate<Path> isValidFile) {
        var classes = new ArrayList<String>();
        var pictures = new ArrayList<Picture>();
        for (Path folder : list(root, Files::isDirectory)) {
            int label = classes.size();
            classes.add(String.valueOf(folder.getFileName()));
            list(folder, file -> Files.isRegularFile(file) && isValidFile.test(file))
                    .forEach(file -> pictures.add(new Picture(file, label)));
        }
        if (pictures.isEmpty()) {
            throw new DataException("there are no pictures in the " + classes.size() + " folders of " + root
                    + ". Maybe the classes' folders are one level deeper.");
        }
        return new ImageFolder(List.copyOf(classes), List.copyOf(pictures), List.of());
    }

    /** The same with one more transform of each picture, as in validation: nothing random. */
    public ImageFolder transform(Transform<Image> transform) {
        var all = new ArrayList<>(transforms);
        all.add(transform);
        return new ImageFolder(classes, pictures, List.copyOf(all));
    }

    /** The classes, in the order of the targets. */
    public List<String> classes() {
        return classes;
    }

    /** The file of each example. */
    public List<Path> files() {
        return pictures.stream().map(Picture::file).toList();
    }

    @Override
    public int size() {
        return pictures.size();
    }

    /** @throws DataException when the picture cannot be read */
    @Override
    public Example get(int index) {
        var picture = pictures.get(index);
        return Example.of(tensor(picture.file()), picture.label());
    }

    @Override
    public long[] labels() {
        return pictures.stream().mapToLong(Picture::label).toArray();
    }

    private Tensor tensor(Path file) {
        Image image =
                ImageReader.of().shortSide(Transforms.decodeSide(transforms)).read(file);
        return Pictures.tensor(Transforms.applied(transforms, image, false, Rng.of(0)));
    }

    private static boolean looksLikeAPicture(Path file) {
        return ImageType.ofFileName(String.valueOf(file.getFileName())).isPresent();
    }

    private static List<Path> list(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(wanted).sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    folder + ": cannot be read: " + unreadable.getMessage() + ". Maybe the path is mistyped.",
                    unreadable);
        }
    }
}
