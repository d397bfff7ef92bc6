package io.sluice.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.layout.Checkout;
import io.sluice.query.flightsql.FlightSqlSettings;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.KnownSettings;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What can be said of the compose file without a Docker engine. */
class ComposeTest {

  private static final Path ROOT = Checkout.root();
  private static final Pattern VARIABLE = Pattern.compile("SLUICE_[A-Z0-9_]+");
  private static final Pattern DATA = Pattern.compile("\\$\\{SLUICE_DATA:-\\$\\{PWD}/data}");
  @TempDir Path directory;

  @Test
  void itStartsTheTwoServicesAndSqlIfAskedTo() throws Exception {
    assertThat(services().keySet()).containsExactly("writer", "acceptor", "flight-sql");
    assertThat(map(services().get("flight-sql")).get("profiles")).isEqualTo(List.of("sql"));
    services()
        .forEach(
            (name, service) -> assertThat(map(service).get("command")).isEqualTo(List.of(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker-compose.yml",
        "docker-compose.s3.yml",
        "deploy/Dockerfile",
        "deploy/healthcheck",
        "docs/kubernetes.md",
        "docs/operations.md"
      })
  void everyVariableIsASetting(String file) throws Exception {
    List<String> known = KnownSettings.keys().stream().map(Settings::environmentName).toList();

    assertThat(VARIABLE.matcher(Files.readString(ROOT.resolve(file))).results())
        .allSatisfy(found -> assertThat(known).contains(found.group()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"writer", "acceptor", "flight-sql"})
  void theServicesAcceptTheirEnvironment(String service) throws Exception {
    Settings settings = Settings.of(List.of(), environment(service), directory);
    CommonSettings common = CommonSettings.from(settings);
    settings.check();

    assertThat(common.bindAddress()).isEqualTo(BindAddress.parse("*"));
  }

  @Test
  void theAcceptorFindsTheWriter() throws Exception {
    CommonSettings writer = CommonSettings.from(settings("writer"));
    CommonSettings acceptor = CommonSettings.from(settings("acceptor"));

    assertThat(acceptor.writers()).singleElement().hasToString("writer:" + writer.flightPort());
    assertThat(map(map(services().get("acceptor")).get("depends_on"))).containsKey("writer");
  }

  @Test
  void sqlFindsTheWriterAndItsTables() throws Exception {
    WriterSettings writer = WriterSettings.from(settings("writer"));
    FlightSqlSettings sql = FlightSqlSettings.from(settings("flight-sql"));

    assertThat(sql.common().writers())
        .singleElement()
        .hasToString("writer:" + writer.common().flightPort());
    assertThat(sql.lake()).usingRecursiveComparison().isEqualTo(writer.lake());
    assertThat(published("flight-sql"))
        .containsExactlyInAnyOrder(published(sql.port()), published(sql.adminPort()));
    assertThat(healthcheck("flight-sql")).isEqualTo(sql.adminPort());
  }

  @ParameterizedTest
  @ValueSource(strings = {"writer", "flight-sql"})
  void theDataDirectoryHasTheSamePathInsideAsOutside(String name) throws Exception {
    Map<String, Object> writer = map(services().get(name));
    Map<String, Object> volume =
        map(((List<?>) Objects.requireNonNull(writer.get("volumes"))).get(0));

    assertThat(volume.get("source")).isEqualTo(volume.get("target"));
    assertThat(map(writer.get("environment")).get("SLUICE_DATA")).isEqualTo(volume.get("target"));
    assertThat(map(volume.get("bind")).get("create_host_path")).isEqualTo(false);
  }

  @Test
  void healthIsAskedAtTheAdminPort() throws Exception {
    assertThat(healthcheck("writer"))
        .isEqualTo(CommonSettings.from(settings("writer")).writerAdminPort());
    assertThat(healthcheck("acceptor"))
        .isEqualTo(CommonSettings.from(settings("acceptor")).acceptorAdminPort());
    assertThat(ROOT.resolve("deploy/healthcheck")).isExecutable();
  }

  @Test
  void theImageIsAJreThatRunsAsNobodySpecial() throws Exception {
    List<String> lines = Files.readAllLines(ROOT.resolve("deploy/Dockerfile"));

    assertThat(lines).anyMatch(line -> line.matches("FROM .*:(17|2\\d)-jre"));
    assertThat(lines).anyMatch(line -> line.matches("USER [1-9]\\d*:[1-9]\\d*"));
    for (String line : lines) {
      if (line.startsWith("COPY") && !line.contains("--from") && !line.equals("COPY . .")) {
        String[] words = line.split(" ");
        assertThat(ROOT.resolve(words[words.length - 2])).exists();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"writer", "acceptor", "flight-sql"})
  void theServicesRunAsTheDataDirectorysOwnerAndStartAgainUnlessStopped(String name)
      throws Exception {
    Map<String, Object> service = map(services().get(name));

    assertThat(service.get("user")).isEqualTo("${HOST_UID:-1000}:${HOST_GID:-1000}");
    assertThat(service.get("restart")).isEqualTo("unless-stopped");
    for (String file : List.of("docker-compose.yml", "README.md", "docs/operations.md")) {
      assertThat(Files.readString(ROOT.resolve(file)))
          .contains("HOST_UID=$(id -u) HOST_GID=$(id -g) docker compose up");
    }
  }

  @Test
  void portsArePublishedOnTheHostsLoopbackAsTheSettingsHaveThem() throws Exception {
    CommonSettings writer = CommonSettings.from(settings("writer"));
    CommonSettings acceptor = CommonSettings.from(settings("acceptor"));

    assertThat(published("writer"))
        .containsExactlyInAnyOrder(
            published(writer.flightPort()), published(writer.writerAdminPort()));
    assertThat(published("acceptor"))
        .containsExactlyInAnyOrder(
            published(acceptor.otlpGrpcPort()),
            published(acceptor.otlpHttpPort()),
            published(acceptor.acceptorAdminPort()));
  }

  @Test
  void theImageAsksWhicheverServiceItRunsForItsHealth() throws Exception {
    CommonSettings usual = CommonSettings.from(Settings.defaults());

    assertThat(Files.readString(ROOT.resolve("deploy/Dockerfile")))
        .contains(
            "CMD /opt/sluice/healthcheck %d || /opt/sluice/healthcheck %d || /opt/sluice/healthcheck %d"
                .formatted(
                    usual.writerAdminPort(),
                    usual.acceptorAdminPort(),
                    FlightSqlSettings.from(Settings.defaults()).adminPort()));
  }

  private static List<String> published(String service) throws Exception {
    List<?> ports = (List<?>) Objects.requireNonNull(map(services().get(service)).get("ports"));
    return ports.stream().map(String::valueOf).toList();
  }

  private static String published(int port) {
    return "127.0.0.1:%d:%d".formatted(port, port);
  }

  private int healthcheck(String service) throws Exception {
    List<?> test = (List<?>) map(map(services().get(service)).get("healthcheck")).get("test");
    return Integer.parseInt((String) Objects.requireNonNull(test).get(2));
  }

  private Settings settings(String service) throws Exception {
    return Settings.of(List.of(), environment(service), directory);
  }

  private Map<String, String> environment(String service) throws Exception {
    Map<String, String> environment = new HashMap<>();
    map(map(services().get(service)).get("environment"))
        .forEach((key, value) -> environment.put(key, resolved((String) value)));
    return environment;
  }

  private String resolved(String value) {
    String text = DATA.matcher(value).replaceAll(directory.resolve("data").toString());
    assertThat(text).doesNotContain("${");
    return text;
  }

  private static Map<String, Object> services() throws Exception {
    Object file =
        new Load(LoadSettings.builder().build())
            .loadFromString(Files.readString(ROOT.resolve("docker-compose.yml")));
    return map(map(file).get("services"));
  }

  @SuppressWarnings("unchecked") // YAML's keys are strings here
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }
}
