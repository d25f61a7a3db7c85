package espalier.tensor;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.List;
import java.util.jar.JarEntry;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's libraries, in the folder to which JavaCPP unpacks them. It unpacks each in the moment in which it loads it,
 * but the system follows a library to the others beside it: it would map one that a killed process left half written, or
 * that another process is writing just now, and the virtual machine would crash, at every start again. So all of them are
 * made whole before the first is loaded.
 */
final class UnpackedLibraries {
    private UnpackedLibraries() {}

    /**
     * Unpacks what is missing or has another size or time than in the jar; one process at a time, by JavaCPP's lock.
     *
     * @throws IOException when there is no place for them, or it cannot be written
     */
    static void makeWhole() throws IOException {
        for (String extension : List.of("", "-gpu")) {
            URL folder = torch.class.getResource("/org/bytedeco/pytorch/" + Loader.getPlatform() + extension + "/");
            if (folder != null && folder.openConnection() instanceof JarURLConnection jar) {
                makeWhole(folder, jar);
            }
        }
    }

    private static void makeWhole(URL folder, JarURLConnection jar) throws IOException {
        String prefix = jar.getEntryName();
        var names = jar.getJarFile().stream()
                .map(JarEntry::getName)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.isEmpty() && name.indexOf('/') < 0)
                .toList();
        for (String name : names) {
            Loader.cacheResource(new URL(folder, name));
        }
    }
}
