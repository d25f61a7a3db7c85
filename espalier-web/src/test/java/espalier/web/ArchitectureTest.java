package espalier.web;

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
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Who may use whom in this module, who touches natives and the disk, and how open classes are. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("espalier.web");

    @Test
    void pages_useWhatIsSharedAndNeverEachOther() {
        assertThat(CLASSES).isNotEmpty();
        slices().matching("espalier.web.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("espalier.web")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("espalier.web.*..")
                .check(CLASSES);
    }

    @Test
    void web_leavesNativesAndTheCommandLineAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "espalier.cli..")
                .check(CLASSES);
    }

    @Test
    void web_writesFilesThroughTheirOnePlace() {
        for (var method : Files.class.getMethods()) {
            if (method.getName().startsWith("write") || method.getName().equals("newOutputStream")) {
                noClasses()
                        .should()
                        .callMethod(Files.class, method.getName(), method.getParameterTypes())
                        .check(CLASSES);
            }
        }
    }

    @Test
    void web_isSilentAndLeavesTheCollectorAlone() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "gc")
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
}
