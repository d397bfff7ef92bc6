package io.sluice.cli.tail;

import io.sluice.cli.show.Millis;
import io.sluice.cli.show.Paint;
import io.sluice.cli.show.Paint.Colour;
import io.sluice.cli.show.RecordRow;
import io.sluice.cli.show.SafeText;
import io.sluice.schema.table.Table;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;

/** For people: a line for each record, no wider than the terminal. Times are UTC. */
public final class Lines implements RowFormat {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd ", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int TRACE_WIDTH = " trace=".length() + 32;

  /** On a terminal that is narrower, text goes before the trace's id. */
  private static final int WIDE = 100;

  private final Paint paint;
  private final int width;
  private final Clock clock;
  private Table table = Table.LOGS;
  private RecordRow record = new RecordRow(List.of());

  /**
   * @param width of a line in columns
   * @param clock of which days are today
   */
  public Lines(Paint paint, int width, Clock clock) {
    this.paint = paint;
    this.width = width;
    this.clock = clock;
  }

  @Override
  public List<String> columns(Table of) {
    List<String> columns = new ArrayList<>(List.of("time", "service_name", "attributes"));
    columns.addAll(
        switch (of) {
          case LOGS ->
              List.of("severity_number", "severity_text", "body", "event_name", "trace_id");
          case TRACES ->
              List.of("name", "kind", "duration_nano", "status_code", "status_message", "trace_id");
          case METRICS_GAUGE, METRICS_SUM -> List.of("metric_name", "unit", "value", "value_int");
          case METRICS_HISTOGRAM, METRICS_EXPONENTIAL_HISTOGRAM ->
              List.of("metric_name", "unit", "count", "sum", "min", "max");
          case METRICS_SUMMARY -> List.of("metric_name", "unit", "count", "sum");
          case PROFILES ->
              List.of("profile_id", "sample_type", "sample_unit", "sample_count", "duration_nano");
        });
    return columns;
  }

  @Override
  public void batch(Table of, List<FieldVector> columns) {
    table = of;
    record = new RecordRow(columns);
  }

  @Override
  public void append(int row, StringBuilder out) {
    record.at(row);
    Line line = new Line(out);
    line.add(Colour.DIM, time(record.time("time")) + " ");
    switch (table) {
      case LOGS -> log(line);
      case TRACES -> span(line);
      case METRICS_GAUGE, METRICS_SUM -> point(line);
      case METRICS_HISTOGRAM, METRICS_EXPONENTIAL_HISTOGRAM, METRICS_SUMMARY -> counts(line);
      case PROFILES -> profile(line);
    }
    for (Map.Entry<String, String> attribute : record.map("attributes").entrySet()) {
      line.add(Colour.DIM, " " + attribute.getKey() + "=" + attribute.getValue());
    }
  }

  private void log(Line line) {
    long number = record.number("severity_number");
    String said = record.text("severity_text");
    Severity.of(number)
        .ifPresentOrElse(
            severity -> line.add(severity.colour, padded(severity.name(), 5) + " "),
            () -> line.add(Colour.DIM, padded(said.isEmpty() ? "-" : said, 5) + " "));
    service(line);
    String event = record.text("event_name");
    if (!event.isEmpty()) {
      line.add(Colour.BOLD, event + " ");
    }
    String trace = record.text("trace_id");
    line.add(record.text("body"), trace.isEmpty() || width < WIDE ? 0 : TRACE_WIDTH);
    trace(line, trace);
  }

  private void span(Line line) {
    boolean failed = record.text("status_code").equals("ERROR");
    line.add(failed ? Colour.RED : Colour.DIM, padded(failed ? "ERROR" : "span", 5) + " ");
    service(line);
    line.add(Colour.BOLD, Millis.of(record.number("duration_nano")) + " ");
    line.add(Colour.DIM, record.text("kind").toLowerCase(Locale.ROOT) + " ");
    line.add(record.text("name"), width < WIDE ? 0 : TRACE_WIDTH);
    String status = record.text("status_message");
    if (!status.isEmpty()) {
      line.add(failed ? Colour.RED : Colour.DIM, " " + status);
    }
    trace(line, record.text("trace_id"));
  }

  private static void trace(Line line, String id) {
    if (!id.isEmpty()) {
      line.add(Colour.DIM, " trace=" + id);
    }
  }

  private void point(Line line) {
    metric(line, table == Table.METRICS_SUM ? "sum" : "gauge");
    String value =
        record.has("value_int")
            ? Long.toString(record.number("value_int"))
            : record.has("value") ? Double.toString(record.real("value")) : "-";
    line.add(Colour.BOLD, value);
    unit(line);
  }

  private void counts(Line line) {
    metric(line, table == Table.METRICS_SUMMARY ? "summ" : "hist");
    line.add(Colour.BOLD, "count=" + Long.toUnsignedString(record.number("count")));
    for (String column : List.of("sum", "min", "max")) {
      if (record.has(column)) {
        line.add(Colour.BOLD, " " + column + "=" + record.real(column));
      }
    }
    unit(line);
  }

  private void metric(Line line, String kind) {
    line.add(Colour.DIM, padded(kind, 5) + " ");
    service(line);
    line.add(record.text("metric_name") + " ", 0);
  }

  private void unit(Line line) {
    String unit = record.text("unit");
    if (!unit.isEmpty() && !unit.equals("1")) {
      line.add(Colour.DIM, " " + unit);
    }
  }

  private void profile(Line line) {
    line.add(Colour.DIM, padded("prof", 5) + " ");
    service(line);
    line.add(Colour.BOLD, Millis.of(record.number("duration_nano")) + " ");
    line.add(
        "%s %s %d samples %s"
            .formatted(
                record.text("sample_type"),
                record.text("sample_unit"),
                record.number("sample_count"),
                record.text("profile_id")),
        0);
  }

  private void service(Line line) {
    line.name(record.text("service_name"));
  }

  /** With its day, unless that is today. */
  private String time(Instant at) {
    long day = Math.floorDiv(at.getEpochSecond(), 86_400);
    boolean today = day == Math.floorDiv(clock.instant().getEpochSecond(), 86_400);
    return (today ? "" : DAY.format(at)) + TIME.format(at);
  }

  private static String padded(String text, int columns) {
    return text.length() >= columns ? text : text + " ".repeat(columns - text.length());
  }

  /** What is left of the width. */
  private final class Line {
    private final StringBuilder out;
    private int left = width;

    Line(StringBuilder out) {
      this.out = out;
    }

    void add(Colour colour, String text) {
      out.append(paint.of(colour, fitted(text, 0)));
    }

    /**
     * Plain.
     *
     * @param kept columns that are left for what comes behind it, if it is longer than that
     */
    void add(String text, int kept) {
      out.append(fitted(text, kept));
    }

    void name(String service) {
      out.append(paint.name(fitted(padded(service.isEmpty() ? "-" : service, 12) + " ", 0)));
    }

    private String fitted(String text, int kept) {
      if (left <= 0) {
        return "";
      }
      String safe = SafeText.of(text, Math.max(1, left - Math.min(kept, left / 2)));
      left -= SafeText.width(safe);
      return safe;
    }
  }
}
