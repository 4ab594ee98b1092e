package dev.keyproof.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the architecture's laws say of code. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LawsTest {
    private static final String OURS = "dev.keyproof.";
    private static final int LONGEST = 400;

    private final List<Modules.Room> rooms = new ArrayList<>();
    private JavaClasses classes = new ClassFileImporter().importClasses();

    @BeforeAll
    void importAll() throws IOException {
        rooms.addAll(Modules.rooms());
        classes = new ClassFileImporter()
                .importPaths(rooms.stream().map(room -> room.built().classes()).toList());
    }

    @Test
    void everyRoomIsInTheTable() throws IOException {
        Set<Path> built = new TreeSet<>();
        try (Stream<Path> poms = Files.walk(Modules.root(), 3)) {
            poms.filter(file -> file.endsWith("src/main") || file.endsWith("pom.xml"))
                    .map(file -> file.resolveSibling("src/main/java"))
                    .filter(Files::exists)
                    .map(sources -> sources.resolve("../../..").normalize())
                    .forEach(built::add);
        }
        assertThat(built)
                .containsExactlyInAnyOrderElementsOf(
                        rooms.stream().map(Modules.Room::folder).toList());
    }

    @Test
    void aRoomUsesOnlyTheRoomsThatTheTableAllows() {
        List<String> breaches = new ArrayList<>();
        for (JavaClass type : classes) {
            Modules.Room room = roomOf(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.getPackageName().startsWith(OURS)) {
                    continue;
                }
                Modules.Room used = roomOf(target);
                if (!used.equals(room) && !room.mayUse().contains(used.name())) {
                    breaches.add(room.name() + " may not use " + used.name() + ": " + dependency.getDescription());
                }
            }
        }
        assertThat(breaches).isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith(OURS)
                                ? SliceIdentifier.of(type.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void everyPackageSaysWhatMayBeNull() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : classes) {
            JavaPackage inside = type.getPackage();
            if (inside.getName().startsWith(OURS) && !inside.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(inside.getName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @Test
    void nobodyLogsByTheLoggerOfJava() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(classes);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.springframework.beans.factory.annotation.Autowired")
                .check(classes);
    }

    @Test
    void filesAreOfReadableLength() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Modules.Room room : rooms) {
            try (Stream<Path> files = Files.walk(room.folder().resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    try (Stream<String> lines = Files.lines(file)) {
                        long length = lines.count();
                        if (length > LONGEST) {
                            tooLong.add(Modules.root().relativize(file) + " has " + length + " lines");
                        }
                    }
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private Modules.Room roomOf(JavaClass type) {
        String name = type.getPackageName() + ".";
        return rooms.stream()
                .filter(room -> name.startsWith(room.rootPackage() + "."))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type.getName() + " is in no room"));
    }
}
