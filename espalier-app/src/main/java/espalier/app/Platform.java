package espalier.app;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A kind of machine that models are packaged for without libtorch. */
public enum Platform {
    /** 64-bit Intel and AMD processors under Linux with GNU's C library. */
    LINUX_X64("linux-x86_64", "linux-x64"),
    /** 64-bit ARM processors under Linux with GNU's C library. */
    LINUX_ARM64("linux-arm64", "linux-aarch64"),
    /** Apple's own processors. */
    MACOS_ARM64("macosx-arm64", "osx-aarch64"),
    /** 64-bit Intel and AMD processors under Windows. */
    WINDOWS_X64("windows-x86_64", "win-x64");

    private final String classifier;
    private final String natives;

    Platform(String classifier, String natives) {
        this.classifier = classifier;
        this.natives = natives;
    }

    /** Its name for users, such as {@code "linux-x64"}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The platform with this {@link #text}. */
    public static Optional<Platform> named(String text) {
        return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
    }

    /** The names of all. */
    public static List<String> names() {
        return Arrays.stream(values()).map(Platform::text).toList();
    }

    /** The classifier of JavaCPP's artifacts, such as {@code "linux-x86_64"}. */
    String classifier() {
        return classifier;
    }

    /** The folder of its natives in ONNX Runtime's jar, such as {@code "linux-x64"}. */
    String natives() {
        return natives;
    }
}
