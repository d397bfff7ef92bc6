package io.sluice.bench.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is below a path of keys in a YAML file; a key twice in a map is refused. */
final class Yaml {

  /** All documents of a file that are not empty. */
  static List<Map<String, Object>> documents(Path file) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document :
        new Load(LoadSettings.builder().setLabel(file.toString()).build())
            .loadAllFromString(Files.readString(file))) {
      if (document != null) {
        documents.add(map(document));
      }
    }
    return documents;
  }

  static Map<String, Object> document(Path file) throws IOException {
    return documents(file).get(0);
  }

  /** What is there; it must be. */
  static Object at(Object from, String... keys) {
    Object at = from;
    for (String key : keys) {
      at = map(at).get(key);
    }
    return Objects.requireNonNull(at, () -> "nothing at " + List.of(keys));
  }

  static Map<String, Object> mapAt(Object from, String... keys) {
    return map(at(from, keys));
  }

  /** The maps of a list; none where there is no list. */
  static List<Map<String, Object>> listAt(Map<String, Object> from, String key) {
    Object list = from.getOrDefault(key, List.of());
    return ((List<?>) list).stream().map(Yaml::map).toList();
  }

  /** The one of these that has the name. */
  static Map<String, Object> named(List<Map<String, Object>> maps, String name) {
    return maps.stream().filter(m -> name.equals(m.get("name"))).findFirst().orElseThrow();
  }

  /** The second over the first, map by map, as Helm does it. */
  static Map<String, Object> merged(Map<String, Object> under, Map<String, Object> over) {
    Map<String, Object> merged = new LinkedHashMap<>(under);
    over.forEach(
        (key, value) ->
            merged.merge(
                key,
                value,
                (was, is) ->
                    was instanceof Map && is instanceof Map ? merged(map(was), map(is)) : is));
    return merged;
  }

  @SuppressWarnings("unchecked") // YAML's keys are strings here
  static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private Yaml() {}
}
