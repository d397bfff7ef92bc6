package io.sluice.bench.audit;

import io.sluice.bench.record.Content;
import io.sluice.bench.record.Template;
import java.util.Objects;

/**
 * One record of a request whose row is compared, not only counted.
 *
 * @param timeUnixNano a span's start, another record's time
 */
record Sample(int ordinal, long timeUnixNano, Content content) {

  /** The record that stands for its request: a function of where the request stands in its run. */
  static Sample of(int lane, int request, Template template, long epochNanos) {
    int records = template.shape().records();
    int ordinal = Math.floorMod(lane * 31 + request * 17, records);
    return new Sample(ordinal, Template.start(epochNanos, ordinal), template.content(ordinal));
  }

  /** Whether the row is the record's. */
  boolean matches(RowContent row) {
    return row.timeUnixNano() == timeUnixNano
        && Objects.equals(row.service(), content.service())
        && Objects.equals(row.name(), content.name());
  }

  /** How the two differ. */
  String difference(RowContent row) {
    return "sent time %d, service %s, name %s; the row has %s, %s, %s"
        .formatted(
            timeUnixNano,
            content.service(),
            content.name(),
            row.timeUnixNano(),
            row.service(),
            row.name());
  }

  /** A line's part of it; the name is last because it may have spaces. */
  String toLine() {
    return ordinal + " " + timeUnixNano + " " + content.service() + " " + content.name();
  }
}
