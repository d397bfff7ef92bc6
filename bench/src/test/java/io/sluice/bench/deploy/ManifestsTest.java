package io.sluice.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.AcceptorSettings;
import io.sluice.bench.layout.Checkout;
import io.sluice.query.flightsql.FlightSqlSettings;
import io.sluice.schema.security.AccessSettings;
import io.sluice.schema.security.TlsFiles;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.ByteSize;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests that the chart was rendered to, against the code of the services that they start.
 */
class ManifestsTest {

  /** For what of a JVM is in no limit of its own, and a command beside it. */
  private static final long BESIDE = 512L << 20;

  /** As WriterService bounds a stop, and an Acceptor after its drain. */
  private static final int STOP_SECONDS = 20;

  private static final Set<Integer> PORTS = usualPorts();

  @TempDir private Path scratch;

  @Test
  void thereIsOneForEachFileOfValues() throws Exception {
    assertThat(names(Chart.RENDERED))
        .isEqualTo(names(Chart.RENDERED.resolve("values")))
        .containsExactlyInAnyOrder("try", "s3-postgresql", "secured");
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theyAreWhatTheChartWasRenderedToLast(String name) throws Exception {
    String[] file = Files.readString(Chart.RENDERED.resolve(name + ".yaml")).split("\n", 2);

    assertThat(file[0])
        .as("run deploy/kubernetes/render: the chart, its values or this file were changed since")
        .endsWith(
            "sha256 of chart and values: %s, of what follows: %s"
                .formatted(
                    Chart.digest(read(name).valuesFile()),
                    Chart.digest(file[1].getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void eachServiceReadsEverySettingThatItIsGiven(String name) throws Exception {
    for (String service : services(name)) {
      Manifests manifests = read(name);

      assertThat(manifests.givenKeys(service))
          .doesNotHaveDuplicates()
          .isSubsetOf(manifests.readKeys(service));
      assertThat(Yaml.at(manifests.container(service), "args")).isEqualTo(List.of(service));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theServicesAcceptTheirSettings(String name) throws Exception {
    Manifests manifests = read(name);
    WriterSettings writer = manifests.writer();
    AcceptorSettings acceptor = manifests.acceptor();

    assertThat(writer.common().bindAddress()).isEqualTo(BindAddress.parse("*"));
    assertThat(acceptor.common().bindAddress()).isEqualTo(BindAddress.parse("*"));
    assertThat(writer.common().writerId()).isEqualTo("sluice-writer-0");
    assertThat(manifests.volumeAt("writer", writer.common().data())).isEqualTo("data");
    assertThat(writer.lake().isInS3()).isEqualTo(!name.equals("try"));
    assertThat(writer.lake().catalogUri())
        .startsWith(name.equals("try") ? "jdbc:sqlite:/var/lib/sluice/" : "jdbc:postgresql://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theyAreGivenWhatTheValuesSay(String name) throws Exception {
    Manifests manifests = read(name);
    Map<String, Object> values = manifests.values();
    for (String service : List.of("writer", "acceptor")) {
      Map<String, Object> own = Yaml.mapAt(values, service);
      Map<String, Object> settings =
          Yaml.merged(Yaml.mapAt(values, "settings"), Yaml.mapAt(own, "settings"));
      Map<String, Object> file =
          Yaml.document(Path.of(manifests.environment(service).get("SLUICE_CONFIG")));
      Map<String, Object> container = manifests.container(service);

      assertThat(file).containsAllEntriesOf(settings);
      Yaml.mapAt(own, "settingsFromSecrets")
          .forEach(
              (setting, from) -> {
                Map<String, Object> variable =
                    Yaml.named(Yaml.listAt(container, "env"), Settings.environmentName(setting));
                assertThat(Yaml.at(variable, "valueFrom", "secretKeyRef"))
                    .isEqualTo(
                        Map.of("name", Yaml.at(from, "secret"), "key", Yaml.at(from, "key")));
              });
      assertThat(container.get("image"))
          .isEqualTo(
              Yaml.at(values, "image", "repository") + ":" + Chart.about().get("appVersion"));
      assertThat(container.get("resources")).isEqualTo(own.get("resources"));
      assertThat(
              Yaml.at(
                  manifests.one("PodDisruptionBudget", "sluice-" + service),
                  "spec",
                  "maxUnavailable"))
          .isEqualTo(Yaml.at(own, "podDisruptionBudget", "maxUnavailable"));
    }
    assertThat(Yaml.at(manifests.workload("writer"), "spec", "replicas"))
        .isEqualTo(Yaml.at(values, "writer", "replicas"));
    assertThat(manifests.all("HorizontalPodAutoscaler"))
        .hasSize(Yaml.at(values, "acceptor", "autoscaling", "enabled").equals(true) ? 1 : 0)
        .allSatisfy(
            scaler ->
                assertThat(scaler.toString())
                    .contains(
                        "averageUtilization="
                            + Yaml.at(
                                values,
                                "acceptor",
                                "autoscaling",
                                "targetCPUUtilizationPercentage")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theAcceptorsFindEachWriterByItsOwnName(String name) throws Exception {
    Manifests manifests = read(name);
    Map<String, Object> set = manifests.workload("writer");
    String service = (String) Yaml.at(set, "spec", "serviceName");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < (Integer) Yaml.at(set, "spec", "replicas"); i++) {
      int port = manifests.writer().common().flightPort();
      names.add("%s-%d.%s:%d".formatted(Yaml.at(set, "metadata", "name"), i, service, port));
    }

    assertThat(Yaml.at(manifests.one("Service", service), "spec", "clusterIP")).isEqualTo("None");
    assertThat(manifests.acceptor().common().writers().stream().map(HostPort::toString))
        .isEqualTo(names);
    if (names.size() > 1 || name.equals("secured")) {
      assertThat(manifests.writer().common().writers())
          .isEqualTo(manifests.acceptor().common().writers());
    }
  }

  @Test
  void sqlIsOfTheWritersTablesAndAskedForByReadersAlone() throws Exception {
    Manifests manifests = read("secured");
    FlightSqlSettings sql = manifests.sql();
    Map<String, Object> labels =
        Yaml.mapAt(manifests.workload("flight-sql"), "spec", "selector", "matchLabels");

    assertThat(sql.common().bindAddress()).isEqualTo(BindAddress.parse("*"));
    assertThat(sql.common().writers()).isEqualTo(manifests.writer().common().writers());
    assertThat(sql.lake()).usingRecursiveComparison().isEqualTo(manifests.writer().lake());
    assertThat(ports(manifests, "flight-sql"))
        .isEqualTo(Map.of("flight-sql", sql.port(), "admin", sql.adminPort()));
    assertThat(
            Yaml.listAt(
                Yaml.mapAt(manifests.one("NetworkPolicy", "sluice-writer"), "spec"), "ingress"))
        .filteredOn(rule -> rule.toString().contains("port=flight"))
        .singleElement()
        .satisfies(
            rule ->
                assertThat(Yaml.listAt(rule, "from"))
                    .contains(Map.of("podSelector", Map.of("matchLabels", labels))));
    assertThat(
            Yaml.listAt(
                Yaml.mapAt(manifests.one("NetworkPolicy", "sluice-flight-sql"), "spec"), "ingress"))
        .filteredOn(rule -> rule.toString().contains("port=flight-sql"))
        .singleElement()
        .extracting(rule -> Yaml.listAt(rule, "from").toString())
        .asString()
        .contains("sluice.io/reader=true");
    assertThat(memoryLimit(manifests, "flight-sql"))
        .isGreaterThanOrEqualTo(jvm("flight-sql") + sql.statementBytes() + BESIDE);
  }

  /** They place logs by it, and the form of a log never changes. */
  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void bothServicesKnowTheSameCluster(String name) throws Exception {
    Manifests manifests = read(name);
    CommonSettings writer = manifests.writer().common();
    CommonSettings acceptor = manifests.acceptor().common();
    int copies = name.equals("try") ? 1 : 3;

    assertThat(writer.replicationFactor()).isEqualTo(copies);
    assertThat(writer.logs()).isEqualTo(copies);
    assertThat(writer.zones()).isEqualTo(acceptor.zones());
    assertThat(acceptor.replicationFactor()).isEqualTo(copies);
    assertThat(acceptor.logs()).isEqualTo(copies);
    assertThat(manifests.writer().schedule().isOn()).as("maintains the tables").isTrue();
    assertThat(Yaml.mapAt(manifests.workload("writer"), "metadata", "annotations"))
        .containsEntry("sluice.io/logs", Integer.toString(copies))
        .containsEntry("sluice.io/replication-factor", Integer.toString(copies));
  }

  /** Who reaches it can write to the logs. */
  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void onlyWritersReachTheRaftPort(String name) throws Exception {
    Manifests manifests = read(name);
    Map<String, Object> policy =
        Yaml.mapAt(manifests.one("NetworkPolicy", "sluice-writer"), "spec");
    Map<String, Object> writers =
        Yaml.mapAt(manifests.workload("writer"), "spec", "selector", "matchLabels");
    List<Map<String, Object>> rules =
        Yaml.listAt(policy, "ingress").stream()
            .filter(rule -> rule.toString().contains("port=raft"))
            .toList();

    assertThat(rules)
        .singleElement()
        .isEqualTo(
            Map.of(
                "from",
                List.of(Map.of("podSelector", Map.of("matchLabels", writers))),
                "ports",
                List.of(Map.of("port", "raft"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void portsAreTheSettings(String name) throws Exception {
    Manifests manifests = read(name);
    CommonSettings writer = manifests.writer().common();
    CommonSettings acceptor = manifests.acceptor().common();

    assertThat(ports(manifests, "writer"))
        .isEqualTo(
            Map.of(
                "flight", writer.flightPort(),
                "raft", writer.raftPort(),
                "admin", writer.writerAdminPort()));
    assertThat(ports(manifests, "acceptor"))
        .isEqualTo(
            Map.of(
                "otlp-grpc", acceptor.otlpGrpcPort(),
                "otlp-http", acceptor.otlpHttpPort(),
                "admin", acceptor.acceptorAdminPort()));
    assertThat(PORTS)
        .containsAll(ports(manifests, "writer").values())
        .containsAll(ports(manifests, "acceptor").values());
    for (Map<String, Object> service : manifests.all("Service")) {
      String component =
          (String) Yaml.at(service, "spec", "selector", "app.kubernetes.io/component");
      for (Map<String, Object> port : Yaml.listAt(Yaml.mapAt(service, "spec"), "ports")) {
        assertThat(ports(manifests, component))
            .containsEntry((String) Yaml.at(port, "targetPort"), (Integer) port.get("port"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void whatSelectsPodsSelectsThemAndTheirPorts(String name) throws Exception {
    Manifests manifests = read(name);
    for (String service : services(name)) {
      Map<String, Object> labels =
          Yaml.mapAt(manifests.workload(service), "spec", "template", "metadata", "labels");
      Map<String, Object> policy =
          Yaml.mapAt(manifests.one("NetworkPolicy", "sluice-" + service), "spec");

      List<Map<String, Object>> selectors = new ArrayList<>();
      selectors.add(Yaml.mapAt(manifests.workload(service), "spec", "selector", "matchLabels"));
      selectors.add(Yaml.mapAt(manifests.one("Service", "sluice-" + service), "spec", "selector"));
      selectors.add(Yaml.mapAt(policy, "podSelector", "matchLabels"));
      if (!service.equals("flight-sql")) { // it keeps nothing
        selectors.add(
            Yaml.mapAt(
                manifests.one("PodDisruptionBudget", "sluice-" + service),
                "spec",
                "selector",
                "matchLabels"));
      }
      for (Map<String, Object> selector : selectors) {
        assertThat(labels).containsAllEntriesOf(selector);
        assertThat(selector).containsEntry("app.kubernetes.io/component", service);
      }
      Set<Object> opened = new HashSet<>();
      Yaml.listAt(policy, "ingress")
          .forEach(
              rule -> Yaml.listAt(rule, "ports").forEach(port -> opened.add(port.get("port"))));
      assertThat(opened).isEqualTo(ports(manifests, service).keySet());
      manifests.one(
          "ServiceAccount", (String) Yaml.at(manifests.pod(service), "serviceAccountName"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void probesAskTheAdminPort(String name) throws Exception {
    for (String service : services(name)) {
      Map<String, Object> container = read(name).container(service);

      String ready = service.equals("writer") ? "/readyz/replicas" : "/readyz";
      assertThat(Yaml.mapAt(container, "readinessProbe", "httpGet")).isEqualTo(asked(name, ready));
      for (String probe : List.of("startupProbe", "livenessProbe")) {
        assertThat(Yaml.mapAt(container, probe, "httpGet")).isEqualTo(asked(name, "/livez"));
      }
    }
  }

  private static Map<String, Object> asked(String name, String path) {
    return name.equals("secured")
        ? Map.of("path", path, "port", "admin", "scheme", "HTTPS")
        : Map.of("path", path, "port", "admin");
  }

  @Test
  void withBothSecretsAllPortsSpeakTlsAndAskForTokensAndNothingIsInsecure() throws Exception {
    String name = "secured";
    Manifests manifests = read(name);
    TlsFiles writer = manifests.writer().tls().files();
    AccessSettings access = manifests.writer().access();
    Path certificate = Objects.requireNonNull(writer.certificate()).path();
    Path tokens = Objects.requireNonNull(access.file());

    assertThat(manifests.acceptor().tls().files()).isEqualTo(writer);
    assertThat(manifests.acceptor().otlpTls())
        .isEqualTo(new TlsFiles(writer.certificate(), writer.key(), null));
    assertThat(manifests.acceptor().access()).isEqualTo(access);
    assertThat(access.insecure()).isFalse();
    for (String service : services(name)) {
      assertThat(mounted(manifests, service, certificate.getParent(), "sluice-services"))
          .containsExactly(
              certificate.getFileName().toString(),
              Objects.requireNonNull(writer.key()).path().getFileName().toString(),
              Objects.requireNonNull(writer.authorities()).path().getFileName().toString());
      assertThat(mounted(manifests, service, tokens.getParent(), "sluice-access"))
          .containsExactly(
              tokens.getFileName().toString(), access.serviceTokenFile().getFileName().toString());
    }
    assertThat(read("try").writer().access().insecure()).isTrue();
  }

  /** What files of a Secret a directory has. */
  private static List<Object> mounted(
      Manifests manifests, String service, Path directory, String secret) {
    Map<String, Object> volume =
        Yaml.named(
            Yaml.listAt(manifests.pod(service), "volumes"), manifests.volumeAt(service, directory));
    assertThat(Yaml.at(volume, "secret", "secretName")).isEqualTo(secret);
    List<Object> files = new ArrayList<>();
    Yaml.listAt(Yaml.mapAt(volume, "secret"), "items").forEach(item -> files.add(item.get("path")));
    return files;
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void aStopHasTheTimeThatItTakes(String name) throws Exception {
    Manifests manifests = read(name);
    AcceptorSettings acceptor = manifests.acceptor();

    boolean flushes = !manifests.writer().common().isReplicated(); // else others have it all
    assertThat(manifests.container("writer").containsKey("lifecycle")).isEqualTo(flushes);
    if (flushes) {
      assertThat(preStop(manifests, "writer"))
          .isEqualTo(List.of("timeout", "30", "/opt/sluice/sluice", "flush"));
    }
    assertThat(grace(manifests, "writer")).isGreaterThan((flushes ? 30 : 0) + STOP_SECONDS);
    assertThat(preStop(manifests, "acceptor")).isEqualTo(List.of("sleep", "5"));
    assertThat(grace(manifests, "acceptor"))
        .isGreaterThan(5 + (int) acceptor.drain().toSeconds() + STOP_SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theyHaveTheMemoryThatTheirJvmsAndBudgetsAllow(String name) throws Exception {
    Manifests manifests = read(name);

    assertThat(memoryLimit(manifests, "writer"))
        .isGreaterThanOrEqualTo(jvm("writer") + manifests.writer().memoryBytes() + BESIDE);
    assertThat(memoryLimit(manifests, "acceptor"))
        .isGreaterThanOrEqualTo(jvm("acceptor") + manifests.acceptor().memory().bytes() + BESIDE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theVolumeHasRoomForLogAndParkedRows(String name) throws Exception {
    Manifests manifests = read(name);
    WriterSettings writer = manifests.writer();
    Map<String, Object> claim =
        Yaml.listAt(Yaml.mapAt(manifests.workload("writer"), "spec"), "volumeClaimTemplates")
            .get(0);

    assertThat(bytes(Yaml.at(claim, "spec", "resources", "requests", "storage")))
        .isGreaterThan(
            writer.common().placement().logs(0).size()
                * (writer.wal().maxBytes() + writer.parkBytes()));
  }

  @Test
  void certificateAndKeyAreWhereTheAcceptorLooks() throws Exception {
    Manifests manifests = read("s3-postgresql");
    TlsFiles files = Objects.requireNonNull(manifests.acceptor().otlpTls());
    Path certificate = Objects.requireNonNull(files.certificate()).path();
    Path key = Objects.requireNonNull(files.key()).path();
    Map<String, Object> volume =
        Yaml.named(
            Yaml.listAt(manifests.pod("acceptor"), "volumes"),
            manifests.volumeAt("acceptor", certificate.getParent()));

    assertThat(key.getParent()).isEqualTo(certificate.getParent());
    assertThat(Yaml.at(volume, "secret", "secretName")).isEqualTo("sluice-tls");
    assertThat(Yaml.listAt(Yaml.mapAt(volume, "secret"), "items"))
        .extracting(item -> item.get("path"))
        .containsExactly(certificate.getFileName().toString(), key.getFileName().toString());
    assertThat(read("try").acceptor().otlpTls()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"try", "s3-postgresql", "secured"})
  void theyRunAsNobodySpecialAndWriteOnlyToVolumes(String name) throws Exception {
    for (String service : services(name)) {
      Manifests manifests = read(name);
      Map<String, Object> pod = manifests.pod(service);

      assertThat(Yaml.at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
      assertThat(Yaml.at(pod, "enableServiceLinks")).isEqualTo(false);
      assertThat(Yaml.at(pod, "automountServiceAccountToken")).isEqualTo(false);
      assertThat(Yaml.mapAt(manifests.container(service), "securityContext"))
          .containsEntry("readOnlyRootFilesystem", true)
          .containsEntry("allowPrivilegeEscalation", false)
          .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
      assertThat(manifests.volumeAt(service, Path.of("/tmp"))).isEqualTo("tmp");
    }
  }

  private static List<String> services(String name) {
    return name.equals("secured")
        ? List.of("writer", "acceptor", "flight-sql")
        : List.of("writer", "acceptor");
  }

  private Manifests read(String name) throws Exception {
    return Manifests.read(name, scratch);
  }

  private static Set<Integer> usualPorts() {
    CommonSettings usual = CommonSettings.from(Settings.defaults());
    return Set.of(
        usual.otlpGrpcPort(),
        usual.otlpHttpPort(),
        usual.acceptorAdminPort(),
        usual.writerAdminPort(),
        usual.raftPort(),
        usual.flightPort());
  }

  private static Map<String, Integer> ports(Manifests manifests, String service) {
    Map<String, Integer> ports = new HashMap<>();
    Yaml.listAt(manifests.container(service), "ports")
        .forEach(p -> ports.put((String) p.get("name"), (Integer) p.get("containerPort")));
    return ports;
  }

  private static List<?> preStop(Manifests manifests, String service) {
    return (List<?>)
        Yaml.at(manifests.container(service), "lifecycle", "preStop", "exec", "command");
  }

  private static int grace(Manifests manifests, String service) {
    return (Integer) Yaml.at(manifests.pod(service), "terminationGracePeriodSeconds");
  }

  private static long memoryLimit(Manifests manifests, String service) {
    return bytes(Yaml.at(manifests.container(service), "resources", "limits", "memory"));
  }

  /** Kubernetes writes Gi for GiB. */
  private static long bytes(Object quantity) {
    return ByteSize.parse(quantity + "B").bytes();
  }

  /** Heap, and what is outside it with a limit of its own. */
  private static long jvm(String service) throws Exception {
    String flags =
        Files.readString(Checkout.root().resolve("cli/src/main/jvm/" + service + ".args"));
    return flag(flags, "-Xmx") + flag(flags, "-XX:MaxDirectMemorySize=");
  }

  private static long flag(String flags, String name) {
    Matcher matcher = Pattern.compile(name + "(\\d+)([mg])").matcher(flags);
    assertThat(matcher.find()).as(name).isTrue();
    return ByteSize.parse(matcher.group(1) + matcher.group(2) + "ib").bytes();
  }

  private static Set<String> names(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      Set<String> names = new HashSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".yaml"))
          .forEach(file -> names.add(file.substring(0, file.length() - ".yaml".length())));
      return names;
    }
  }
}
