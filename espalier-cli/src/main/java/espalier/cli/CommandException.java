package espalier.cli;

import espalier.collect.FileType;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.item.Items;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Ends a command with a message for the user and an exit code of {@link ExitCodes}. */
public final class CommandException extends RuntimeException {
    private final int exitCode;

    /** @param message what happened, where, and what may help */
    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The same with its cause. */
    public CommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The code that the process ends with. */
    public int exitCode() {
        return exitCode;
    }

    /** Gives {@code path} back when it exists. @throws CommandException with code 66 when not */
    public static Path existing(Path path) {
        if (!Files.exists(path)) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    "there is no file or folder " + path + ". Maybe it is misspelt: paths are relative to "
                            + Path.of("").toAbsolutePath() + ".");
        }
        return path;
    }

    /** Gives {@code path} back when it is a file, such as a model's. @throws CommandException with code 66 when not */
    public static Path file(Path path) {
        if (Files.isDirectory(existing(path))) {
            throw new CommandException(
                    ExitCodes.NO_INPUT,
                    path + " is a folder, expected a file. Maybe one of the files in it was meant.");
        }
        return path;
    }

    /**
     * Gives {@code model} back when it is a file that may be a model.
     *
     * @param command the command and what stands before the model, such as {@code "predict"}
     * @param others what follows the model on the command line
     * @throws CommandException with code 2 when the two were exchanged, with code 66 when it is not there
     */
    public static Path model(String command, Path model, List<Path> others) {
        boolean folder = Files.isDirectory(model);
        boolean picture = isPicture(model);
        var swapped = others.stream().filter(CommandException::looksLikeModel).findFirst();
        if ((folder || picture || !Files.exists(model)) && swapped.isPresent() && !looksLikeModel(model)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    model + (folder ? " is a folder" : picture ? " is a picture" : " is no model file")
                            + "; the model comes first. Maybe: " + Console.command(command, swapped.get(), model));
        }
        return file(model);
    }

    private static boolean isPicture(Path path) {
        try {
            return Files.isRegularFile(path) && FileType.of(path).isPicture();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean looksLikeModel(Path path) {
        return path.toString().matches(".*[.](safetensors|onnx)");
    }

    /** The file for a model of this data, in the folder at hand: {@code data/dogs} becomes {@code dogs.safetensors}. */
    static Path modelOf(Path data) {
        return Path.of(data.toAbsolutePath().normalize().getFileName() + ".safetensors");
    }

    /** The file of the same name with another ending: {@code dogs.pth} as {@code dogs.safetensors}. */
    static Path beside(Path file, String ending) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + "." + ending);
    }

    /** Gives {@code path} back when it is a folder. @throws CommandException with code 66 when not */
    public static Path folder(Path path) {
        if (!Files.isDirectory(existing(path))) {
            throw new CommandException(
                    ExitCodes.NO_INPUT, path + " is a file, expected a folder. Maybe its parent was meant.");
        }
        return path;
    }

    /**
     * Gives {@code target} back when a result made from {@code input}, a file or a folder of pictures, can be written
     * there without replacing or joining that. @throws CommandException with code 73 when not
     */
    public static Path writableBeside(Path target, Path input) {
        try {
            Destination.fileBeside(target, input, Items.IMAGE_ENDINGS);
            return target;
        } catch (CannotWriteException unwritable) {
            throw unwritable(target, unwritable);
        }
    }

    /** Gives {@code target} back when it is or can become a folder. @throws CommandException with code 73 when not */
    public static Path writableFolder(Path target) {
        try {
            return Destination.folder(target);
        } catch (CannotWriteException unwritable) {
            throw unwritable(target, unwritable);
        }
    }

    /** That {@code target} cannot be written, as a job of the library says. */
    static CommandException unwritable(Path target, UncheckedIOException failure) {
        return unwritable(target, Objects.requireNonNull(failure.getCause()));
    }

    /** That {@code target} cannot be written. */
    public static CommandException unwritable(Path target, IOException cause) {
        var told = CannotWriteException.of(target, cause);
        return new CommandException(ExitCodes.CANNOT_WRITE, String.valueOf(told.getMessage()), told);
    }
}
