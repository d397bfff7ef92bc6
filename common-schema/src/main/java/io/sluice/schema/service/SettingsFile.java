package io.sluice.schema.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** {@code sluice.yaml} as flat keys: nested maps are joined with dots, lists with commas. */
final class SettingsFile {

  private final Path file;
  private final List<String> problems;
  private final Map<String, String> values = new LinkedHashMap<>();

  private SettingsFile(Path file, List<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Reads the file; what is wrong with it goes to the problems. */
  static Map<String, String> read(Path file, List<String> problems) {
    SettingsFile settings = new SettingsFile(file, problems);
    try {
      Load load = new Load(LoadSettings.builder().setLabel(file.toString()).build());
      settings.put("", load.loadFromString(Files.readString(file)));
    } catch (IOException e) {
      problems.add("cannot read settings file: %s (%s)".formatted(file, e));
    } catch (YamlEngineException e) {
      problems.add("cannot read settings file: %s: %s".formatted(file, where(e)));
    }
    return settings.values;
  }

  /** Its message quotes lines, which may hold passwords. */
  private static String where(YamlEngineException e) {
    Optional<Mark> mark =
        e instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
    return mark.map(
            m ->
                "it is no YAML at line %d, column %d".formatted(m.getLine() + 1, m.getColumn() + 1))
        .orElse("it is no YAML");
  }

  private void put(String key, Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, inner) -> put(key.isEmpty() ? "" + name : key + "." + name, inner));
    } else if (key.isEmpty()) {
      if (value != null) {
        problems.add("cannot read settings file: %s (it is not a map of settings)".formatted(file));
      }
    } else if (value != null && values.put(key, text(value)) != null) {
      problems.add("cannot use setting %s: it is twice in %s".formatted(key, file));
    }
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : value.toString();
  }
}
