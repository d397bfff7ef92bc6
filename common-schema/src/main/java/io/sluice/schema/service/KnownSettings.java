package io.sluice.schema.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of all services: they share one file and one environment, so each must know the others'
 * to tell a foreign key from a misspelt one. Kept in the resource {@code settings.txt}, one key a
 * line, which {@link Settings#get} insists on.
 */
public final class KnownSettings {

  private static final Map<String, String> KEYS_BY_ENVIRONMENT = new LinkedHashMap<>();

  static {
    try (InputStream in = KnownSettings.class.getResourceAsStream("settings.txt")) {
      if (in == null) {
        throw new IllegalStateException("cannot read settings.txt: it is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(key -> KEYS_BY_ENVIRONMENT.put(environmentName(key), key));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read settings.txt", e);
    }
  }

  /** All keys, in the order of the documentation. */
  public static Collection<String> keys() {
    return KEYS_BY_ENVIRONMENT.values();
  }

  static Set<String> environmentNames() {
    return KEYS_BY_ENVIRONMENT.keySet();
  }

  /** The key of an environment variable, or of a flag written with dots or dashes. */
  static Optional<String> key(String environmentName) {
    return Optional.ofNullable(KEYS_BY_ENVIRONMENT.get(environmentName));
  }

  static String environmentName(String key) {
    return "SLUICE_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The name that takes the fewest edits to become this one. */
  static String nearest(String name, Collection<String> names) {
    return names.stream().min(Comparator.comparingInt(n -> edits(name, n))).orElseThrow();
  }

  /** The name that was most likely meant; empty if none is like it. */
  public static Optional<String> meant(String name, Collection<String> names) {
    int most = Math.max(2, name.length() / 3);
    return names.stream()
        .filter(known -> edits(name, known) <= most)
        .min(Comparator.comparingInt(known -> edits(name, known)));
  }

  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replace = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private KnownSettings() {}
}
