package espalier.tensor;

import espalier.files.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's files: {@code .npy} holds one array, {@code .npz} several by name. Bool, whole and floating-point numbers of
 * this package's types, but for bfloat16, which NumPy does not have; arrays of Python objects are refused.
 */
public final class NumPy {
    private static final String SUFFIX = ".npy";

    private NumPy() {}

    /**
     * Reads an {@code .npy} file.
     *
     * @throws UncheckedIOException when there is no such file or it cannot be read
     * @throws IllegalArgumentException when it is damaged or holds something else than numbers
     */
    public static Tensor load(Path file) {
        return read(file, in -> {
            var tensor = NpyFormat.read(in, file.toString());
            if (in.read() >= 0) {
                tensor.close();
                throw new IllegalArgumentException(
                        file + ": there is more after the array. Maybe it was written to twice.");
            }
            return tensor;
        });
    }

    /**
     * Writes an {@code .npy} file.
     *
     * @throws IllegalArgumentException when the tensor is bfloat16
     * @throws UncheckedIOException when the file cannot be written
     */
    public static void save(Path file, Tensor tensor) {
        NpyFormat.descriptor(tensor.dtype());
        write(file, out -> NpyFormat.write(out, tensor));
    }

    /** Reads the arrays of an {@code .npz} file by name, in their order. Throws as {@link #load}. */
    public static Map<String, Tensor> loadAll(Path file) {
        return read(file, in -> {
            var all = new LinkedHashMap<String, Tensor>();
            var zip = new ZipInputStream(in);
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                String key = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
                all.put(key, NpyFormat.read(zip, file + ", array " + key));
            }
            if (all.isEmpty()) {
                throw new IllegalArgumentException(
                        file + ": there are no arrays. Maybe it is an .npy file: use NumPy.load.");
            }
            return all;
        });
    }

    /** Writes an {@code .npz} file, not compressed, as {@code numpy.savez}. Throws as {@link #save}. */
    public static void saveAll(Path file, Map<String, Tensor> tensors) {
        tensors.values().forEach(tensor -> NpyFormat.descriptor(tensor.dtype()));
        write(file, out -> {
            var zip = new ZipOutputStream(out);
            zip.setLevel(0);
            for (var entry : tensors.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey() + SUFFIX));
                NpyFormat.write(zip, entry.getValue());
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    private interface Reading<R> {
        R from(InputStream in) throws IOException;
    }

    private static <R> R read(Path file, Reading<R> reading) {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return reading.from(in);
        } catch (NoSuchFileException missing) {
            throw new UncheckedIOException(file + ": there is no such file. Maybe the path is mistyped.", missing);
        } catch (ZipException damaged) {
            throw new IllegalArgumentException(
                    file + ": the archive is damaged (" + damaged.getMessage() + "). Maybe it was cut short.", damaged);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static void write(Path file, AtomicFiles.Content content) {
        try {
            AtomicFiles.write(file, out -> {
                var buffered = new BufferedOutputStream(out);
                content.writeTo(buffered);
                buffered.flush();
            });
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    file + ": cannot be written: " + unwritable.getMessage()
                            + ". Maybe the disk is full, or the folder may not be written to.",
                    unwritable);
        }
    }
}
