package io.sluice.schema.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics of all services, with their texts. Kept in the resource {@code metrics.txt}, on which
 * {@link Telemetry} insists; docs/metrics.md is made of it.
 */
public final class KnownMetrics {

  private static final Pattern LINE =
      Pattern.compile("(\\S+) (counter|gauge|histogram) (\\S+) (\\S+) \\| (.+)");

  private static final String NO_LABELS = "-";

  private static final Map<String, Metric> ALL = read();

  private static Map<String, Metric> read() {
    try (InputStream in = KnownMetrics.class.getResourceAsStream("metrics.txt")) {
      if (in == null) {
        throw new IllegalStateException("cannot read metrics.txt: it is not on the class path");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read metrics.txt", e);
    }
  }

  /** By name, in the order of the documentation. */
  public static Map<String, Metric> all() {
    return ALL;
  }

  /**
   * Reads lines of the form of {@code metrics.txt}.
   *
   * @throws IllegalStateException a line is of another form, or a name is there twice
   */
  static Map<String, Metric> parse(String text) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    String section = "";
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("= ")) {
        section = line.substring(2);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        Metric metric = metric(section, line);
        if (metrics.put(metric.name(), metric) != null) {
          throw new IllegalStateException("metrics.txt has two lines of " + metric.name());
        }
      }
    }
    return Collections.unmodifiableMap(metrics);
  }

  private static Metric metric(String section, String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalStateException("cannot read line of metrics.txt: " + line);
    }
    List<String> labels = new ArrayList<>();
    List<String> more = new ArrayList<>();
    if (!parts.group(4).equals(NO_LABELS)) {
      for (String label : parts.group(4).split(",", -1)) {
        if (label.startsWith("[")) {
          more.add(label.substring(1, label.length() - 1));
        } else {
          labels.add(label);
        }
      }
    }
    return new Metric(
        section,
        parts.group(1),
        Metric.Kind.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
        parts.group(3),
        labels,
        more,
        parts.group(5));
  }

  private KnownMetrics() {}
}
