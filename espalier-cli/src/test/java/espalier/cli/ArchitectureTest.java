package espalier.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
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
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may use whom, who touches natives and the disk, and how open classes are. */
class ArchitectureTest {
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar")) // of the modules below
            .withImportOption(location -> !location.matches(Pattern.compile(".*/espalier-[a-z]+/test/.*")))
            .importPackages("espalier");

    /** All but the programs, which may print and write as they like. */
    private static final JavaClasses LIBRARY =
            CLASSES.that(JavaClass.Predicates.resideOutsideOfPackages("espalier.cli..", "espalier.examples.."));

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
            Map.entry("app", List.of("clean", "text", "vision")),
            Map.entry("onnxruntime", List.of("predict")),
            Map.entry("onnx", List.of("app", "onnxruntime")),
            Map.entry("web", List.of("app")),
            Map.entry("examples", List.of("web")),
            Map.entry("cli", List.of("examples", "onnx")));

    /** How many files need each other inside their packages. A figure to lower, not to raise. */
    private static final int FILES_IN_CYCLES = 187;

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

    /** A type may name its own kinds, as sealed ones and those with factories do: that alone is no cycle here. */
    @Test
    void files_needEachOtherLessAndLess() {
        Map<String, Set<String>> needs = new TreeMap<>();
        for (var file : CLASSES) {
            file.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .filter(other -> other.getPackageName().equals(file.getPackageName()))
                    .filter(other ->
                            !outermost(other).isAssignableTo(outermost(file).getName()))
                    .forEach(other -> needs.computeIfAbsent(outermost(file).getName(), unused -> new TreeSet<>())
                            .add(outermost(other).getName()));
        }
        Map<String, Set<String>> all = new TreeMap<>();
        needs.keySet().forEach(file -> all.put(file, below(file, needs)));
        var cycles = all.keySet().stream()
                .filter(file -> all.get(file).contains(file))
                .collect(Collectors.groupingBy(file -> all.get(file).stream()
                        .filter(other -> all.getOrDefault(other, Set.of()).contains(file))
                        .sorted()
                        .findFirst()
                        .orElseThrow()));
        assertThat(cycles.values().stream().mapToInt(List::size).sum())
                .as("files in cycles, of which there are %d: %s", cycles.size(), cycles.values())
                .isEqualTo(FILES_IN_CYCLES);
    }

    private static JavaClass outermost(JavaClass found) {
        return found.getEnclosingClass().map(ArchitectureTest::outermost).orElse(found);
    }

    private static Set<String> below(String file, Map<String, Set<String>> needs) {
        var found = new TreeSet<String>();
        var open = new ArrayDeque<>(List.of(file));
        while (!open.isEmpty()) {
            needs.getOrDefault(open.pop(), Set.of()).stream().filter(found::add).forEach(open::push);
        }
        return found;
    }

    @Test
    void pages_useWhatIsSharedAndNeverEachOther() {
        slices().matching("espalier.web.(*)..").should().notDependOnEachOther().check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("espalier.web")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("espalier.web.*..")
                .check(CLASSES);
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
                    .check(LIBRARY);
        }
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(FileOutputStream.class, FileWriter.class)
                .check(LIBRARY);
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
                .check(LIBRARY);
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
