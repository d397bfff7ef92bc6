package io.sluice.bench.deploy;

import io.sluice.acceptor.AcceptorSettings;
import io.sluice.query.flightsql.FlightSqlSettings;
import io.sluice.schema.service.LogSettings;
import io.sluice.schema.service.Settings;
import io.sluice.writer.WriterSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A rendered file.
 *
 * @param name of the file, and of its values
 * @param documents in order
 * @param scratch a directory for what pods have mounted
 */
record Manifests(String name, List<Map<String, Object>> documents, Path scratch) {

  /** What every key of a Secret holds here. */
  private static final String SECRET = "of-a-secret";

  static Manifests read(String name, Path scratch) throws IOException {
    return new Manifests(name, Yaml.documents(Chart.RENDERED.resolve(name + ".yaml")), scratch);
  }

  Path valuesFile() {
    return Chart.RENDERED.resolve("values").resolve(name + ".yaml");
  }

  /** The chart's, and over them the file's. */
  Map<String, Object> values() throws IOException {
    return Yaml.merged(Chart.values(), Yaml.document(valuesFile()));
  }

  List<Map<String, Object>> all(String kind) {
    return documents.stream().filter(document -> kind.equals(document.get("kind"))).toList();
  }

  Map<String, Object> one(String kind, String object) {
    return all(kind).stream()
        .filter(document -> object.equals(Yaml.at(document, "metadata", "name")))
        .findFirst()
        .orElseThrow();
  }

  Map<String, Object> workload(String service) {
    return one(service.equals("writer") ? "StatefulSet" : "Deployment", "sluice-" + service);
  }

  Map<String, Object> pod(String service) {
    return Yaml.mapAt(workload(service), "spec", "template", "spec");
  }

  Map<String, Object> container(String service) {
    return Yaml.named(Yaml.listAt(pod(service), "containers"), service);
  }

  /** Of the settings alone, whatever else is in it. */
  Map<String, String> environment(String service) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (Map<String, Object> variable : Yaml.listAt(container(service), "env")) {
      String key = (String) Yaml.at(variable, "name");
      environment.put(key, value(service, key, variable));
    }
    return environment;
  }

  private String value(String service, String key, Map<String, Object> variable)
      throws IOException {
    if (key.equals("SLUICE_CONFIG")) {
      return mounted(service, (String) Yaml.at(variable, "value")).toString();
    }
    if (!variable.containsKey("valueFrom")) {
      return (String) Yaml.at(variable, "value");
    }
    Map<String, Object> from = Yaml.mapAt(variable, "valueFrom");
    return from.containsKey("fieldRef")
            && "metadata.name".equals(Yaml.at(from, "fieldRef", "fieldPath"))
        ? "sluice-" + service + "-0"
        : SECRET;
  }

  /** A file of a ConfigMap, as the container sees it, written to the scratch directory. */
  private Path mounted(String service, String path) throws IOException {
    Path file = Path.of(path);
    Map<String, Object> volume =
        Yaml.named(Yaml.listAt(pod(service), "volumes"), volumeAt(service, file.getParent()));
    Map<String, Object> map = one("ConfigMap", (String) Yaml.at(volume, "configMap", "name"));
    String text = (String) Yaml.at(map, "data", file.getFileName().toString());
    return Files.writeString(scratch.resolve(service + ".yaml"), text);
  }

  /** The volume that is mounted at a path. */
  String volumeAt(String service, Path path) {
    return Yaml.listAt(container(service), "volumeMounts").stream()
        .filter(mount -> path.toString().equals(mount.get("mountPath")))
        .map(mount -> (String) Yaml.at(mount, "name"))
        .findFirst()
        .orElseThrow();
  }

  WriterSettings writer() throws Exception {
    Settings settings = given("writer");
    WriterSettings writer = WriterSettings.from(settings);
    settings.check();
    return writer;
  }

  AcceptorSettings acceptor() throws Exception {
    Settings settings = given("acceptor");
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    settings.check();
    return acceptor;
  }

  FlightSqlSettings sql() throws Exception {
    Settings settings = given("flight-sql");
    FlightSqlSettings sql = FlightSqlSettings.from(settings);
    settings.check();
    return sql;
  }

  /** Keys that a service is given, by file or environment. */
  List<String> givenKeys(String service) throws IOException {
    List<String> keys = new ArrayList<>();
    Map<String, String> environment = environment(service);
    environment.keySet().stream().filter(key -> key.startsWith("SLUICE_")).forEach(keys::add);
    Yaml.document(Path.of(environment.get("SLUICE_CONFIG")))
        .keySet()
        .forEach(key -> keys.add(Settings.environmentName(key)));
    return keys;
  }

  /** Keys that it reads. */
  List<String> readKeys(String service) throws Exception {
    Settings settings = given(service);
    switch (service) {
      case "writer" -> WriterSettings.from(settings);
      case "acceptor" -> AcceptorSettings.from(settings);
      default -> FlightSqlSettings.from(settings);
    }
    LogSettings.from(settings);
    return settings.declared().stream().map(s -> Settings.environmentName(s.key())).toList();
  }

  private Settings given(String service) throws IOException {
    return Settings.of(List.of(), environment(service), scratch);
  }
}
