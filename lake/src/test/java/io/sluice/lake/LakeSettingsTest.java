package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.InvalidSettingsException;
import io.sluice.schema.service.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LakeSettingsTest {

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

  private static LakeConfig from(String... flags) throws InvalidSettingsException {
    Settings settings = Settings.of(List.of(flags), Map.of(), Path.of("."));
    LakeConfig config = LakeSettings.from(settings, CommonSettings.from(settings));
    settings.check();
    return config;
  }
}
