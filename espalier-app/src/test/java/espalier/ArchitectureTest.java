package espalier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.FileOutputStream;
import java.io.FileWriter;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may use whom, who touches natives and the disk, and how open classes are. */
class ArchitectureTest {
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar")) // of the modules below
            .importPackages("espalier");

    /** What each package may use directly besides itself, {@code files} and {@code report}; what those use, it may too. */
    private static final Map<String, List<String>> USES = Map.ofEntries(
            Map.entry("files", List.of()),
            Map.entry("report", List.of()),
            Map.entry("rng", List.of()),
            Map.entry("token", List.of()),
            Map.entry("item", List.of()),
            Map.entry("format", List.of("rng")),
            Map.entry("image", List.of("format")),
            Map.entry("predict", List.of("image", "item", "token")),
            Map.entry("tensor", List.of("format")),
            Map.entry("data", List.of("item", "loss", "metric", "nn")),
            Map.entry("dataset", List.of("tensor")),
            Map.entry("loss", List.of("tensor")),
            Map.entry("metric", List.of("tensor")),
            Map.entry("nn", List.of("tensor")),
            Map.entry("optim", List.of("tensor")),
            Map.entry("weights", List.of("nn")),
            Map.entry("train", List.of("data", "optim", "weights")),
            Map.entry("interpret", List.of("train")),
            Map.entry("collect", List.of("interpret", "vision")),
            Map.entry("clean", List.of("collect")),
            Map.entry("text", List.of("interpret", "predict")),
            Map.entry("vision", List.of("dataset", "interpret", "predict")),
            Map.entry("app", List.of("clean", "text", "vision")));

    private static TreeSet<String> reachable(String name) {
        var all = new TreeSet<>(List.of(name, "files", "report"));
        USES.get(name).forEach(next -> all.addAll(reachable(next)));
        return all;
    }

    @Test
    void packages_useOnlyWhatIsBelow() {
        var present = new TreeMap<String, JavaClass>();
        CLASSES.forEach(found -> present.put(found.getPackageName().split("\\.")[1], found));
        assertThat(USES.keySet()).as("packages must be listed here").containsAll(present.keySet());
        for (String name : present.keySet()) {
            String[] forbidden = USES.keySet().stream()
                    .filter(other -> !reachable(name).contains(other))
                    .map(other -> "espalier." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("espalier." + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .check(CLASSES);
        }
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("espalier.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void natives_stayInTheirPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackage("espalier.tensor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco.pytorch..", "org.bytedeco.openblas..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("espalier.tensor", "espalier.image")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void publicClasses_areClosedOrAbstract() {
        classes().that().arePublic().should(beClosedOrAbstract()).check(CLASSES);
    }

    private static ArchCondition<JavaClass> beClosedOrAbstract() {
        return new ArchCondition<>("be abstract, final, record, enum, sealed or an interface") {
            @Override
            public void check(JavaClass found, ConditionEvents events) {
                boolean fine = found.isInterface()
                        || found.isEnum()
                        || found.getModifiers().contains(JavaModifier.FINAL)
                        || found.getModifiers().contains(JavaModifier.ABSTRACT)
                        || found.reflect().isSealed();
                events.add(new SimpleConditionEvent(found, fine, found.getName() + " can be extended by anybody"));
            }
        };
    }

    @Test
    void files_areWrittenInOnePlace() {
        var writers = List.of("write", "writeString", "newOutputStream", "newBufferedWriter");
        var overloads = Arrays.stream(Files.class.getMethods())
                .filter(method -> writers.contains(method.getName()))
                .toList();
        assertThat(overloads).isNotEmpty();
        for (var method : overloads) {
            noClasses()
                    .that()
                    .resideOutsideOfPackages("espalier.files", "espalier.collect..", "espalier.weights")
                    .should()
                    .callMethod(Files.class, method.getName(), method.getParameterTypes())
                    .check(CLASSES);
        }
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(FileOutputStream.class, FileWriter.class)
                .check(CLASSES);
    }

    @Test
    void library_isSilentAndLeavesTheCollectorAlone() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "gc")
                .check(CLASSES);
    }

    /** The wall clock jumps, with time zones, daylight saving and corrections; a suspended laptop's, too. */
    @Test
    void T14_durations_areMeasuredByAClockThatNeverJumps() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .because("System.nanoTime() measures durations")
                .check(CLASSES);
    }
}
