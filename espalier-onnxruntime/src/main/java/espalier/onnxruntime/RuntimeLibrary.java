package espalier.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import espalier.files.AtomicFiles;
import espalier.files.Home;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library, unpacked once into the cache. ONNX Runtime itself unpacks its 25 MB anew at each start, into the
 * folder for temporary files.
 */
final class RuntimeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeLibrary.class);
    private static final String PLACE = "onnxruntime.native.path";

    private RuntimeLibrary() {}

    /** The only environment of this process. */
    static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = start();
    }

    private static OrtEnvironment start() {
        if (System.getProperty(PLACE) == null) {
            unpack();
        }
        var environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "espalier");
        try {
            environment.setTelemetry(false); // Windows alone has any in this version
        } catch (OrtException none) {
            LOG.debug("telemetry cannot be switched off", none);
        }
        return environment;
    }

    private static void unpack() {
        try {
            String platform = platform();
            String root = "/ai/onnxruntime/native/" + platform + "/";
            String version = String.valueOf(OrtEnvironment.class.getPackage().getImplementationVersion());
            Path folder = Home.directory().resolve("natives/onnxruntime-" + version + "-" + platform);
            for (String name : List.of("onnxruntime", "onnxruntime4j_jni")) {
                String file = System.mapLibraryName(name);
                unpack(root + file, folder.resolve(file));
            }
            System.setProperty(PLACE, folder.toString());
        } catch (IOException | RuntimeException failure) {
            LOG.debug("the libraries of ONNX Runtime stay where it unpacks them itself", failure);
        }
    }

    private static void unpack(String resource, Path target) throws IOException {
        var url = OrtEnvironment.class.getResource(resource);
        if (url == null) {
            throw new IOException("there is no " + resource);
        }
        var connection = url.openConnection();
        connection.setUseCaches(false);
        try (InputStream stream = connection.getInputStream()) {
            if (Files.isRegularFile(target) && Files.size(target) == connection.getContentLengthLong()) {
                return;
            }
            AtomicFiles.write(target, stream::transferTo);
        }
    }

    /** As the folders in ONNX Runtime's jar are called. */
    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
        return system + "-" + (arch.matches("amd64|x86_64") ? "x64" : arch);
    }
}
