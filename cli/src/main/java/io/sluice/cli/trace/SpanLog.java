package io.sluice.cli.trace;

import io.sluice.cli.show.RecordRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A log record of a trace.
 *
 * @param span its span's id; empty if it names none
 * @param nanos unsigned nanos since the epoch
 * @param severity as its source names it, or its number
 */
public record SpanLog(String span, long nanos, String severity, String body) {

  /** What {@link #of} reads. */
  public static final String COLUMNS =
      "span_id, time, severity_number, severity_text, body, event_name";

  /** From a row of {@link #COLUMNS}. */
  public static SpanLog of(RecordRow row) {
    String text = row.text("severity_text");
    String body = row.text("body");
    return new SpanLog(
        row.text("span_id"),
        ChronoUnit.NANOS.between(Instant.EPOCH, row.time("time")),
        text.isEmpty() ? Long.toString(row.number("severity_number")) : text,
        body.isEmpty() ? row.text("event_name") : body);
  }
}
