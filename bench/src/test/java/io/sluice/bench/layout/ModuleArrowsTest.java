package io.sluice.bench.layout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules and the arrows between them; cli sees all and is seen by none. */
class ModuleArrowsTest {

  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "schema", Set.of(),
          "wal", Set.of(),
          "acceptor", Set.of("schema"),
          "lake", Set.of("schema"),
          "writer", Set.of("schema", "wal", "lake"),
          "query", Set.of("schema", "lake"),
          "bench", Set.of("schema", "wal", "acceptor", "lake", "writer", "query"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sluice");

  @ParameterizedTest
  @ValueSource(strings = {"schema", "wal", "acceptor", "lake", "writer", "query", "bench"})
  void aModuleDependsOnItsArrowsOnly(String module) {
    String[] others =
        ARROWS.keySet().stream()
            .filter(other -> !other.equals(module) && !ARROWS.get(module).contains(other))
            .map(other -> "io.sluice." + other + "..")
            .toArray(String[]::new);

    assertThat(CLASSES).anyMatch(c -> c.getPackageName().startsWith("io.sluice." + module));
    noClasses()
        .that()
        .resideInAPackage("io.sluice." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(concat(others, "io.sluice.cli.."))
        .check(CLASSES);
  }

  @Test
  void theLogDependsOnNoArrowAndNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.wal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.arrow..", "org.apache.iceberg..", "io.grpc..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acceptor", "writer", "schema", "bench"})
  void packagesOfAModuleFormNoCycle(String module) {
    slices().matching("io.sluice." + module + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void classesAreNamedByTheirRole() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base|Data)")
        .check(CLASSES);
  }

  private static String[] concat(String[] names, String last) {
    String[] all = Arrays.copyOf(names, names.length + 1);
    all[names.length] = last;
    return all;
  }
}
