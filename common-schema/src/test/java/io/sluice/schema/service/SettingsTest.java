package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {

  @TempDir Path directory;

  private int port(List<String> flags, Map<String, String> environment) throws Exception {
    Settings settings = Settings.of(flags, environment, directory);
    int port = settings.get("flight.port", "8815", Parsers::port, "doc");
    settings.check();
    return port;
  }

  @Test
  void flagWinsOverEnvironmentOverFileOverDefault() throws Exception {
    assertThat(port(List.of(), Map.of())).isEqualTo(8815);
    Files.writeString(directory.resolve("sluice.yaml"), "flight:\n  port: 1\n");
    assertThat(port(List.of(), Map.of())).isEqualTo(1);
    assertThat(port(List.of(), Map.of("SLUICE_FLIGHT_PORT", "2"))).isEqualTo(2);
    assertThat(port(List.of("--flight.port=3"), Map.of("SLUICE_FLIGHT_PORT", "2"))).isEqualTo(3);
    assertThat(port(List.of("--flight-port", "4"), Map.of())).isEqualTo(4);
    assertThat(port(List.of(), Map.of("SLUICE_FLIGHT_PORT", ""))).isEqualTo(1);
  }

  @Test
  void allProblemsAreToldAtOnceWithTheNearestName() throws IOException {
    Files.writeString(directory.resolve("sluice.yaml"), "flihgt.port: 1\nwriter:\n  id: UPPER\n");
    Settings settings =
        Settings.of(
            List.of("--wareohuse=file:///x", "stray"),
            Map.of("SLUICE_OTLP_GRCP_PORT", "1", "SLUICE_LOGS", "many"),
            directory);
    CommonSettings.from(settings);
    settings.require(false, "these two do not go together");
    assertThatThrownBy(settings::check)
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(7)
                    .anyMatch(p -> p.contains("flihgt.port") && p.contains("flight.port?"))
                    .anyMatch(p -> p.contains("--wareohuse") && p.contains("--warehouse?"))
                    .anyMatch(p -> p.contains("'stray'"))
                    .anyMatch(p -> p.contains("GRCP") && p.contains("SLUICE_OTLP_GRPC_PORT?"))
                    .anyMatch(p -> p.contains("SLUICE_LOGS") && p.contains("'many'"))
                    .anyMatch(p -> p.contains("writer.id") && p.contains("sluice.yaml"))
                    .anyMatch(p -> p.equals("these two do not go together")));
  }

  @Test
  void settingTwiceIsAProblem() throws IOException {
    Files.writeString(directory.resolve("sluice.yaml"), "flight.port: 1\nflight: {port: 2}\n");
    assertThatThrownBy(() -> port(List.of(), Map.of())).hasMessageContaining("twice");
    Files.delete(directory.resolve("sluice.yaml"));
    assertThatThrownBy(() -> port(List.of("--flight.port=1", "--flight-port=2"), Map.of()))
        .hasMessageContaining("twice");
  }

  @Test
  void missingNamedFileAndBrokenYamlAreProblems() throws IOException {
    assertThatThrownBy(() -> port(List.of("--config=absent.yaml"), Map.of()))
        .hasMessageContaining("absent.yaml");
    Files.writeString(directory.resolve("broken.yaml"), "a: [1\nb: 2");
    assertThatThrownBy(() -> port(List.of(), Map.of("SLUICE_CONFIG", "broken.yaml")))
        .hasMessageContaining("broken.yaml");
    Files.writeString(directory.resolve("broken.yaml"), "just text");
    assertThatThrownBy(() -> port(List.of(), Map.of("SLUICE_CONFIG", "broken.yaml")))
        .hasMessageContaining("not a map");
  }

  @Test
  void yamlListsAndCommentsAndEmptyFilesAreFine() throws Exception {
    Files.writeString(directory.resolve("sluice.yaml"), "# nothing yet\n");
    assertThat(port(List.of(), Map.of())).isEqualTo(8815);
    Files.writeString(directory.resolve("sluice.yaml"), "writers:\n - a:1 # first\n - '[::1]:2'\n");
    Settings settings = Settings.of(List.of(), Map.of(), directory);
    assertThat(CommonSettings.from(settings).writers())
        .containsExactly(new HostPort("a", 1), new HostPort("::1", 2));
    settings.check();
  }

  @Test
  void kubernetesServiceLinksAreNotSettings() {
    Map<String, String> links =
        Map.of(
            "SLUICE_WRITER_PORT", "tcp://10.0.0.1:8815",
            "SLUICE_WRITER_PORT_8815_TCP_ADDR", "10.0.0.1",
            "SLUICE_WRITER_SERVICE_HOST", "10.0.0.1",
            "SLUICE_WRITER_SERVICE_PORT_FLIGHT", "8815");
    assertThatCode(() -> port(List.of(), links)).doesNotThrowAnyException();
  }

  @Test
  void serviceLinkUnderTheNameOfASettingIsNotReadAndSaid() throws Exception {
    Map<String, String> links =
        Map.of("SLUICE_FLIGHT_PORT", "tcp://10.0.0.1:8815", "SLUICE_WRITERS", "a:1");
    assertThat(port(List.of(), links)).isEqualTo(8815);
    assertThat(Settings.of(List.of(), links, directory).serviceLinks())
        .containsExactly("SLUICE_FLIGHT_PORT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "catalog.uri | jdbc:postgresql://me:hid@den@db/x | jdbc:postgresql://me:***@db/x",
        "catalog.uri | jdbc:postgresql://me:hid/den@db/x | jdbc:postgresql://me:***@db/x",
        "catalog.uri | jdbc:postgresql://me:hid?d#en@db/x | jdbc:postgresql://me:***@db/x",
        "catalog.uri | jdbc:postgresql://me:12/34@db/x | jdbc:postgresql://me:***@db/x",
        "catalog.uri | jdbc:postgresql://db:5432/x?user=a@b | jdbc:postgresql://db:5432/x?user=a@b",
        "catalog.uri | jdbc:postgresql://a:1,b:2/x?password=hid;den&ssl=true | jdbc:postgresql://a:1,b:2/x?password=***&ssl=true",
        "catalog.uri | jdbc:sqlserver://db;user=me;password=hidden;encrypt=true | jdbc:sqlserver://db;user=me;password=***;encrypt=true",
        "catalog.uri | jdbc:sqlserver://db;PWD={hid;d en}};x};encrypt=true | jdbc:sqlserver://db;PWD=***;encrypt=true",
        "catalog.properties | header.X-Key=hidden,oauth2-server-uri=https://a/b | header.X-Key=***,oauth2-server-uri=***",
        "catalog.properties | header.X-Key=hid,den,scope=a | header.X-Key=***,scope=***",
        "catalog-properties | header.Authorization=Basic hidden== | header.Authorization=***",
        "'' | it said: password=hidden for //me:hid@den@db | it said: password=*** for //me:***@db"
      })
  void whatASecretMayBeWrittenAsIsHidden(String key, String value, String shown) {
    assertThat(Secrets.mask(key, value)).isEqualTo(shown);
  }

  /** They may be a catalog's keys. */
  @Test
  void pairsThatCannotBeReadAreNotQuoted() {
    assertThatThrownBy(() -> Parsers.pairs("header.X-Key=hid,den"))
        .hasMessageContaining("cannot read pair 2")
        .hasMessageNotContaining("den");
  }

  @Test
  void effectiveSettingsAreShownWithoutSecrets() {
    Settings settings =
        Settings.of(
            List.of("--catalog.uri=jdbc:postgresql://me:hidden@db/x?password=hidden&ssl=true"),
            Map.of("SLUICE_LOGS", "3"),
            directory);
    CommonSettings.from(settings);
    assertThat(settings.effective())
        .doesNotContain("hidden")
        .contains("jdbc:postgresql://me:***@db/x?password=***&ssl=true (--catalog.uri)")
        .contains("logs = 3 (SLUICE_LOGS)")
        .contains("flight.port = 8815\n");
    assertThat(Secrets.mask("store.secret-key", "hidden")).isEqualTo("***");
  }

  @Test
  void keyThatIsNotListedOrDeclaredDifferentlyIsABug() {
    Settings settings = Settings.defaults();
    assertThatThrownBy(() -> settings.get("no.such", "1", Parsers::port, "doc"))
        .isInstanceOf(IllegalStateException.class);
    settings.get("flight.port", "1", Parsers::port, "doc");
    assertThatThrownBy(() -> settings.get("flight.port", "2", Parsers::port, "doc"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fixedEnvironmentNamesAreThose() {
    assertThat(KnownSettings.environmentNames())
        .doesNotHaveDuplicates()
        .contains(
            "SLUICE_DATA",
            "SLUICE_WAREHOUSE",
            "SLUICE_CATALOG_URI",
            "SLUICE_OTLP_GRPC_PORT",
            "SLUICE_OTLP_HTTP_PORT",
            "SLUICE_FLIGHT_PORT",
            "SLUICE_ACCEPTOR_ADMIN_PORT",
            "SLUICE_WRITER_ADMIN_PORT",
            "SLUICE_WRITERS",
            "SLUICE_WRITER_ID",
            "SLUICE_LOGS",
            "SLUICE_BIND_ADDRESS",
            "SLUICE_REPLICATION_FACTOR");
  }

  @Test
  void commonDefaultsFollowTheDataDirectoryAndTheFlightPort() throws Exception {
    Settings settings =
        Settings.of(List.of("--data=" + directory, "--flight.port=9"), Map.of(), directory);
    CommonSettings common = CommonSettings.from(settings);
    settings.check();
    assertThat(common.warehouse()).isEqualTo("file://" + directory.resolve("warehouse"));
    assertThat(common.catalogUri()).isEqualTo("jdbc:sqlite:" + directory.resolve("catalog.db"));
    assertThat(common.writers()).containsExactly(new HostPort("127.0.0.1", 9));
    assertThat(common.bindAddress().addresses().get(0).getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(common.otlpGrpcPort()).isEqualTo(4317);
    assertThat(common.otlpHttpPort()).isEqualTo(4318);
    assertThat(common.acceptorAdminPort()).isEqualTo(4319);
    assertThat(common.writerAdminPort()).isEqualTo(4320);
    assertThat(common.logs()).isEqualTo(1);
  }

  @Test
  void locationsAreNeverEncodedBecauseIcebergNeverDecodesThem() throws Exception {
    Settings settings =
        Settings.of(
            List.of("--data=/a b/\u00fc%20", "--warehouse=file:///c d%20"), Map.of(), directory);
    assertThat(CommonSettings.from(settings).warehouse()).isEqualTo("file:///c d%20");
    settings.check();
    CommonSettings unmoved = CommonSettings.in(directory.resolve("a b%20"));
    assertThat(unmoved.warehouse()).isEqualTo("file://" + directory + "/a b%20/warehouse");
  }

  @Test
  void questionMarkInTheDataDirectoryIsRefused() {
    Settings settings = Settings.of(List.of("--data=/what?"), Map.of(), directory);
    CommonSettings.from(settings);
    assertThatThrownBy(settings::check).hasMessageContaining("cannot use data directory: /what?");
  }

  @Test
  void writersAreLookedForWhereTheBindAddressSaysTheyListen() throws Exception {
    for (List<String> each :
        List.of(
            List.of("--bind-address=192.0.2.7", "192.0.2.7"),
            List.of("--bind-address=192.0.2.7,127.0.0.1", "192.0.2.7"),
            List.of("--bind-address=::1", "0:0:0:0:0:0:0:1"),
            List.of("--bind-address=*", "127.0.0.1"))) {
      Settings settings = Settings.of(List.of(each.get(0), "--flight.port=9"), Map.of(), directory);
      CommonSettings common = CommonSettings.from(settings);
      settings.check();
      assertThat(common.writers()).containsExactly(new HostPort(each.get(1), 9));
    }
  }

  @Test
  void flagWithoutAValueIsASwitchOrAProblem() throws Exception {
    Settings on = Settings.of(List.of("--stop-on-stdin-close"), Map.of(), directory);
    assertThat(CommonSettings.from(on).stopOnStdinClose()).isTrue();
    on.check();
    for (List<String> flags :
        List.of(List.of("--data"), List.of("--data="), List.of("--data", "--logs=1"))) {
      Settings none = Settings.of(flags, Map.of(), directory);
      CommonSettings.from(none);
      assertThatThrownBy(none::check)
          .hasMessage("cannot use setting data from --data: it has no value (write --data=VALUE)");
    }
    Settings twice = Settings.of(List.of("--data"), Map.of(), directory);
    CommonSettings.from(twice);
    CommonSettings.from(twice);
    assertThatThrownBy(twice::check).hasMessageMatching("cannot use setting data [^\n]*");
    Settings port = Settings.of(List.of("--flight.port"), Map.of(), directory);
    CommonSettings.from(port);
    assertThatThrownBy(port::check).hasMessageContaining("(write --flight.port=VALUE)");
  }
}
