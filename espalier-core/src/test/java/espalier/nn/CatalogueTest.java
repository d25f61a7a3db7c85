package espalier.nn;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each layer is in the catalogue and under test; a failure names the step that is missing. */
class CatalogueTest {
    private static List<Class<?>> layers() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("espalier.nn").stream()
                        .filter(found -> found.getPackageName().equals("espalier.nn"))
                        .filter(found -> found.isAssignableTo(Module.class))
                        .filter(found -> !found.getModifiers().contains(JavaModifier.ABSTRACT))
                        .<Class<?>>map(JavaClass::reflect)
                        .toList();
    }

    @Test
    void layers_areAllInTheCatalogue() {
        var given = Arrays.stream(Layers.class.getDeclaredMethods())
                .<Class<?>>map(Method::getReturnType)
                .collect(Collectors.toSet());
        assertThat(layers()).hasSizeGreaterThan(30);
        for (Class<?> layer : layers()) {
            assertThat(given)
                    .as("missing step: add %s to espalier.nn.Layers", layer.getSimpleName())
                    .contains(layer);
        }
    }

    @Test
    void layers_keepTheContract() {
        var tested = LayersTest.cases().map(LayersTest.Case::type).collect(Collectors.toSet());
        for (Class<?> layer : layers()) {
            assertThat(tested)
                    .as("missing step: add %s to LayersTest.cases", layer.getSimpleName())
                    .contains(layer);
        }
    }

    @Test
    void catalogue_isAlphabeticalAndNamedLikeTheClasses() throws IOException {
        String source = Files.readString(Path.of("src/main/java/espalier/nn/Layers.java"));
        var names = Pattern.compile("public static (\\w+) (\\w+)\\(")
                .matcher(source)
                .results()
                .toList();
        assertThat(names.stream()
                        .map(name -> name.group(2).toLowerCase(Locale.ROOT))
                        .toList())
                .isSorted();
        assertThat(names).allMatch(name -> name.group(1).equalsIgnoreCase(name.group(2)));
    }
}
