package io.sluice.cli.trace;

import io.sluice.cli.show.RecordRow;

/**
 * A span of a trace, as its client said it: of ids and times nothing is sure.
 *
 * @param id empty if it has none
 * @param parent empty if it says that it has none
 * @param start unsigned nanos since the epoch
 * @param end the same
 */
public record Span(
    String id,
    String parent,
    String service,
    String name,
    String kind,
    long start,
    long end,
    boolean failed,
    String status,
    int events,
    int links) {

  /** What {@link #of} reads. */
  public static final String COLUMNS =
      "span_id, parent_span_id, service_name, name, kind, start_time_unix_nano,"
          + " end_time_unix_nano, status_code, status_message, len(events)::INT AS events,"
          + " len(links)::INT AS links";

  /** From a row of {@link #COLUMNS}. */
  public static Span of(RecordRow row) {
    return new Span(
        row.text("span_id"),
        row.text("parent_span_id"),
        row.text("service_name"),
        row.text("name"),
        row.text("kind"),
        row.number("start_time_unix_nano"),
        row.number("end_time_unix_nano"),
        row.text("status_code").equals("ERROR"),
        row.text("status_message"),
        (int) row.number("events"),
        (int) row.number("links"));
  }

  /** Negative if it ends before it starts. */
  long nanos() {
    return end - start;
  }
}
