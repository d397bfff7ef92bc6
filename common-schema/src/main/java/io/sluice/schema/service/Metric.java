package io.sluice.schema.service;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A metric as the documentation has it.
 *
 * @param section of which services, and what they measure
 * @param name dotted, without a suffix: {@code sluice.batches.deduplicated}
 * @param unit UCUM, as in {@code By} or {@code {record}}
 * @param labels that each of its values has
 * @param more labels that its values may have
 * @param text what it says
 */
public record Metric(
    String section,
    String name,
    Kind kind,
    String unit,
    List<String> labels,
    List<String> more,
    String text) {

  /** How its values go on. */
  public enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Metric {
    labels = List.copyOf(labels);
    more = List.copyOf(more);
  }

  /** Whether a value may have these labels and no others. */
  boolean takes(Set<String> given) {
    return given.containsAll(labels)
        && given.stream().allMatch(label -> labels.contains(label) || more.contains(label));
  }

  /** Its name on the metrics page; of a histogram without {@code _bucket} and the like. */
  public String prometheus() {
    String plain = onPage(name);
    String suffix =
        switch (unit) {
          case "By" -> "_bytes";
          case "s" -> "_seconds";
          default -> "";
        };
    String measured = plain.endsWith(suffix) ? plain : plain + suffix;
    return kind == Kind.COUNTER ? measured + "_total" : measured;
  }

  /** A name as Prometheus has it. */
  public static String onPage(String name) {
    return name.replace('.', '_');
  }
}
