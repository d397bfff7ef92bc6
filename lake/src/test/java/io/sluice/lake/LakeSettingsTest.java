package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Promotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeSettingsTest {

  @TempDir Path directory;

  @Test
  void databaseGetsItsUserAndPassword() throws Exception {
    assertThat(
            from(
                    "--catalog.uri=jdbc:postgresql://a,b/sluice?sslmode=verify-full",
                    "--catalog.user=sluice",
                    "--catalog.password=secret")
                .catalogProperties())
        .isEqualTo(Map.of("jdbc.user", "sluice", "jdbc.password", "secret"));
  }

  @Test
  void restCatalogGetsWhatItIsAskedWith() throws Exception {
    assertThat(
            from(
                    "--catalog.uri=https://catalog.example/api",
                    "--catalog.warehouse=prod",
                    "--catalog.credential=id:secret",
                    "--catalog.properties=scope=PRINCIPAL_ROLE:ALL, oauth2-server-uri=https://id/t")
                .catalogProperties())
        .isEqualTo(
            Map.of(
                "warehouse", "prod",
                "credential", "id:secret",
                "rest.auth.type", "oauth2",
                "scope", "PRINCIPAL_ROLE:ALL",
                "oauth2-server-uri", "https://id/t"));
  }

  @Test
  void whatTheOtherKindOfCatalogNeedsIsRefused() {
    assertThatThrownBy(() -> from("--catalog.token=x"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("catalog.uri is no REST catalog");
    assertThatThrownBy(() -> from("--catalog.uri=https://c", "--catalog.user=x"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("catalog.uri is a REST catalog");
    assertThatThrownBy(() -> from("--catalog.uri=thrift://c"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("cannot use catalog: 'thrift://c'");
  }

  @Test
  void attributesThatGetColumnsAreListed() throws Exception {
    assertThat(
            from(
                    "--promote.resource=k8s.namespace.name, k8s.pod.name",
                    "--promote.attributes=http.route")
                .promotions()
                .all())
        .extracting(Promotion::toString)
        .containsExactly(
            "resource_attributes:k8s.namespace.name",
            "resource_attributes:k8s.pod.name",
            "attributes:http.route");
    assertThat(from().promotions().isEmpty()).isTrue();
  }

  @Test
  void attributesAreAListInTheFile() throws Exception {
    Files.writeString(
        directory.resolve("sluice.yaml"),
        "promote: {resource: [k8s.namespace.name, host.name], scope: [tier]}");
    assertThat(from(directory).promotions().all())
        .extracting(Promotion::columnName)
        .containsExactly("resource_k8s_namespace_name", "resource_host_name", "scope_tier");
  }

  @Test
  void attributesWhoseColumnsWouldCollideAreRefused() {
    assertThatThrownBy(() -> from("--promote.scope=name"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(
            "cannot promote scope_attributes:name: its column would be scope_name");
    assertThatThrownBy(() -> from("--promote.attributes=a.b,a-b"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(
            "its column would be attribute_a_b, and so would that of attributes:a.b");
    assertThatThrownBy(() -> from("--promote.attributes=a,,b"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("cannot read list: 'a,,b'");
  }

  private static LakeConfig from(String... flags) throws InvalidSettingsException {
    return from(Path.of("."), flags);
  }

  private static LakeConfig from(Path directory, String... flags) throws InvalidSettingsException {
    Settings settings = Settings.of(List.of(flags), Map.of(), directory);
    LakeConfig config = LakeSettings.from(settings, CommonSettings.from(settings));
    settings.check();
    return config;
  }
}
