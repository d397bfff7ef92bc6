package io.sluice.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.layout.Checkout;
import io.sluice.schema.service.KnownSettings;
import io.sluice.schema.service.Secrets;
import io.sluice.schema.service.Settings;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be said of the chart's files without Helm. */
class ChartTest {

  private static final Pattern VALUE = Pattern.compile("\\.Values((?:\\.[a-zA-Z]+)+)");
  private static final Pattern VARIABLE = Pattern.compile("SLUICE_[A-Z0-9_]+");
  private static final Pattern SECRET = Pattern.compile("regexMatch \"([^\"]+)\" \\$key");

  @Test
  void valuesAndTheirSchemaHaveTheSameKeys() throws Exception {
    List<String> values = new ArrayList<>();
    List<String> schema = new ArrayList<>();
    valueKeys("", Chart.values(), Chart.schema(), values);
    schemaKeys("", Chart.schema(), schema);

    assertThat(schema).contains("global"); // Helm's own, for charts of charts
    schema.remove("global");
    assertThat(values).containsExactlyInAnyOrderElementsOf(schema);
  }

  @Test
  void everyObjectOfTheSchemaThatListsItsKeysRefusesOthers() throws Exception {
    everyObject(
        Chart.schema(), node -> assertThat(node).containsEntry("additionalProperties", false));
  }

  @Test
  void everyValueIsUsed() throws Exception {
    List<String> keys = new ArrayList<>();
    schemaKeys("", Chart.schema(), keys);
    keys.remove("global");
    String templates = Chart.templates();

    assertThat(keys).allMatch(key -> isUsed(key, templates), "is in a template");
  }

  @Test
  void everyValueThatATemplateUsesIsThere() throws Exception {
    Map<String, Object> values = Chart.values();
    Matcher used = VALUE.matcher(Chart.templates());

    assertThat(used.results())
        .isNotEmpty()
        .allSatisfy(
            found ->
                assertThat(Yaml.at(values, found.group(1).substring(1).split("\\."))).isNotNull());
  }

  @Test
  void itsOwnSettingsAreSettings() throws Exception {
    assertThat(Chart.ownSettings()).isNotEmpty().isSubsetOf(KnownSettings.keys());
    assertThat(VARIABLE.matcher(Chart.templates()).results())
        .extracting(found -> found.group())
        .containsOnly("SLUICE_CONFIG", "SLUICE_WRITER_ID")
        .isSubsetOf(KnownSettings.keys().stream().map(Settings::environmentName).toList());
  }

  @Test
  void everySecretSettingIsRefusedInPlainValues() throws Exception {
    Matcher pattern = SECRET.matcher(Chart.templates());
    assertThat(pattern.find()).isTrue();
    Pattern refused = Pattern.compile(Objects.requireNonNull(pattern.group(1)));

    assertThat(KnownSettings.keys())
        .filteredOn(key -> !Secrets.mask(key, "value").equals("value"))
        .isNotEmpty()
        .allMatch(key -> refused.matcher(key).find());
  }

  @Test
  void itsVersionOfTheProductIsThisOne() throws Exception {
    assertThat(Files.readString(Checkout.root().resolve("pom.xml")))
        .contains(
            "<artifactId>sluice</artifactId>\n  <version>%s</version>"
                .formatted(Chart.about().get("appVersion")));
  }

  /** By its name, or with a whole that is written as it is. */
  private static boolean isUsed(String key, String templates) {
    String[] names = key.split("\\.");
    String parent = names.length < 2 ? "" : names[names.length - 2];
    return Pattern.compile("\\." + names[names.length - 1] + "\\b").matcher(templates).find()
        || Pattern.compile("toYaml \\S*\\." + parent + "\\b").matcher(templates).find();
  }

  private static void valueKeys(
      String path, Map<String, Object> values, Map<String, Object> schema, List<String> keys)
      throws Exception {
    Map<String, Object> known = properties(schema);
    values.forEach(
        (name, value) -> {
          keys.add(path + name);
          assertThat(known).as("schema of %s", path).containsKey(name);
        });
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      Map<String, Object> node = resolved(Yaml.map(known.get(entry.getKey())));
      if (node.containsKey("properties")) {
        valueKeys(path + entry.getKey() + ".", Yaml.map(entry.getValue()), node, keys);
      }
    }
  }

  private static void schemaKeys(String path, Map<String, Object> schema, List<String> keys)
      throws Exception {
    for (Map.Entry<String, Object> property : properties(schema).entrySet()) {
      keys.add(path + property.getKey());
      schemaKeys(path + property.getKey() + ".", Yaml.map(property.getValue()), keys);
    }
  }

  private static Map<String, Object> properties(Map<String, Object> schema) throws Exception {
    return Yaml.map(resolved(schema).getOrDefault("properties", Map.of()));
  }

  private static Map<String, Object> resolved(Map<String, Object> schema) throws Exception {
    Object reference = schema.get("$ref");
    return reference instanceof String path
        ? Yaml.mapAt(Chart.schema(), path.substring("#/".length()).split("/"))
        : schema;
  }

  private interface Check {
    void of(Map<String, Object> node);
  }

  private static void everyObject(@Nullable Object node, Check check) {
    if (node instanceof Map) {
      Map<String, Object> map = Yaml.map(node);
      if (map.get("properties") instanceof Map && Set.of("object").contains(map.get("type"))) {
        check.of(map);
      }
      map.values().forEach(inner -> everyObject(inner, check));
    }
  }
}
