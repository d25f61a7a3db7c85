package espalier.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import espalier.files.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Several jars in one. Of entries of one name the first stays, but for the lists of services, which become one list, and the
 * licences, which all stay.
 */
final class MergedJar {
    private static final String SERVICES = "META-INF/services/";

    /** What is true of a jar as it was, and not of the whole: its manifest, its signatures, its index, its module. */
    private static final Pattern OF_ONE = Pattern.compile(
            "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|[^/]*\\.(SF|RSA|DSA|EC)|maven/.*)|(.*/)?module-info\\.class");

    private static final Pattern LICENCE =
            Pattern.compile("(META-INF/)?[^/]*(LICENSE|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);

    private final ZipOutputStream zip;
    private final Set<String> names = new TreeSet<>();
    private final Map<String, Set<String>> services = new TreeMap<>();

    private MergedJar(OutputStream out) {
        zip = new ZipOutputStream(out);
    }

    /** The jar that is made of {@code jars}, by their names. */
    static AtomicFiles.Content of(Map<String, AtomicFiles.Content> jars) {
        return out -> {
            var merged = new MergedJar(out);
            merged.text("META-INF/MANIFEST.MF", Set.of("Manifest-Version: 1.0", "Multi-Release: true"));
            for (var jar : jars.entrySet()) {
                merged.add(jar.getKey(), jar.getValue());
            }
            for (var list : merged.services.entrySet()) {
                merged.text(list.getKey(), list.getValue());
            }
            merged.zip.finish();
        };
    }

    private void add(String jar, AtomicFiles.Content content) throws IOException {
        Path copy = Files.createTempFile("espalier-package", ".jar");
        try {
            AtomicFiles.write(copy, content);
            try (var in = new ZipInputStream(Files.newInputStream(copy))) {
                for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    add(jar, entry, in);
                }
            }
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private void add(String jar, ZipEntry entry, ZipInputStream in) throws IOException {
        String name = entry.getName();
        if (entry.isDirectory() || OF_ONE.matcher(name).matches()) {
            return;
        }
        if (name.startsWith(SERVICES)) {
            new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .forEach(services.computeIfAbsent(name, missing -> new LinkedHashSet<>())::add);
            return;
        }
        if (LICENCE.matcher(name).matches()) {
            name = "META-INF/licenses/" + jar + "/" + name.substring(name.lastIndexOf('/') + 1);
        }
        if (names.add(name)) {
            var copy = new ZipEntry(name);
            copy.setLastModifiedTime(entry.getLastModifiedTime());
            zip.putNextEntry(copy);
            in.transferTo(zip);
            zip.closeEntry();
        }
    }

    private void text(String name, Collection<String> lines) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write((String.join("\n", lines) + "\n").getBytes(UTF_8));
        zip.closeEntry();
    }
}
