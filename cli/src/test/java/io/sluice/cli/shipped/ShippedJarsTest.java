package io.sluice.cli.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShippedJarsTest {

  @Test
  void eachJarHasALicenceThatIsAllowed() throws Exception {
    List<String> refused = new ArrayList<>();
    for (ShippedJar jar : ShippedJar.all()) {
      List<String> licences = Licences.of(jar);
      if (!Licences.allow(jar, licences)) {
        refused.add(jar.file().getFileName() + " (" + jar.name() + "): " + licences);
      }
    }

    assertThat(refused)
        .as("jars with another licence, or none (read it, then see Licences)")
        .isEmpty();
  }

  @Test
  void pageSaysWhatIsShipped() throws Exception {
    List<ShippedJar> jars = ShippedJar.all();
    assertThat(jars).extracting(ShippedJar::artifact).contains("flight-core", "netty-handler");
    Path written = Path.of("target", "dependencies.md");
    Files.writeString(written, DependenciesPage.text(jars));

    assertThat(Path.of("..", "docs", "dependencies.md"))
        .as("copy cli/%s over it", written)
        .hasSameTextualContentAs(written);
  }

  @Test
  void whatOnlyMeasuresIsNotShipped() throws Exception {
    assertThat(ShippedJar.all())
        .extracting(ShippedJar::artifact)
        .doesNotContain("jmh-core", "jopt-simple", "jmh-generator-annprocess", "junit-jupiter-api");
  }

  @Test
  void aLicenceThatIsNotAllowedIsRefusedUnlessAnotherMayBeChosen() {
    ShippedJar jar = new ShippedJar("org.example", "some", "1", Path.of("some-1.jar"));

    assertThat(Licences.allow(jar, List.of())).isFalse();
    assertThat(Licences.allow(jar, List.of("GNU Lesser General Public License"))).isFalse();
    assertThat(Licences.allow(jar, List.of("LGPL-2.1", Licences.spdx("EPL 2.0")))).isTrue();
    assertThat(Licences.spdx("The Apache Software License, Version 2.0")).isEqualTo("Apache-2.0");
    assertThat(Licences.spdx("GPLv2 with Classpath Exception")).startsWith("GPLv2");
  }
}
