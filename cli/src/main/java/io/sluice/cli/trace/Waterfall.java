package io.sluice.cli.trace;

import io.sluice.cli.show.Millis;
import io.sluice.cli.show.Paint;
import io.sluice.cli.show.Paint.Colour;
import io.sluice.cli.show.SafeText;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Draws the spans of a trace: who called whom, for how long, and when. */
public final class Waterfall {

  /** Names get so much of a line, and bars what is left of it. */
  private static final double NAMES = 0.5;

  private static final int LEAST_BAR = 10;
  private static final int DURATION = 8;

  private final Paint paint;
  private final int width;
  private final int names;
  private final int bar;

  /**
   * @param width of a line in columns, at least 40
   */
  public Waterfall(Paint paint, int width) {
    this.paint = paint;
    this.width = width;
    this.names = Math.max(10, (int) (this.width * NAMES));
    this.bar = Math.max(LEAST_BAR, this.width - names - DURATION - 3);
  }

  /** Writes a line for each span, and for each log record below its span. */
  public void draw(String trace, List<Span> spans, List<SpanLog> logs, Appendable out)
      throws IOException {
    long first = spans.get(0).start();
    long last = first;
    for (Span span : spans) {
      first = Long.compareUnsigned(span.start(), first) < 0 ? span.start() : first;
      last = later(last, later(span.start(), span.end()));
    }
    Map<String, List<SpanLog>> bySpan = new HashMap<>();
    logs.stream()
        .sorted(Comparator.comparing(SpanLog::nanos, Long::compareUnsigned))
        .forEach(log -> bySpan.computeIfAbsent(log.span(), id -> new ArrayList<>()).add(log));
    out.append(head(trace, spans, first, last)).append('\n');
    Set<String> shown = new HashSet<>();
    for (SpanTree.Place place : SpanTree.of(spans)) {
      span(place, first, last, out);
      String id = place.span().id();
      if (!id.isEmpty() && shown.add(id)) {
        for (SpanLog log : bySpan.getOrDefault(id, List.of())) {
          log(place.below(), log, first, out);
        }
      }
    }
    bySpan.keySet().removeAll(shown);
    if (!bySpan.isEmpty()) {
      out.append(paint.of(Colour.DIM, "logs of no span that is there")).append('\n');
      for (List<SpanLog> rest : bySpan.values()) {
        for (SpanLog log : rest) {
          log("", log, first, out);
        }
      }
    }
  }

  private String head(String trace, List<Span> spans, long first, long last) {
    long services = spans.stream().map(Span::service).distinct().count();
    long failed = spans.stream().filter(Span::failed).count();
    String errors =
        failed == 0
            ? ""
            : ", " + paint.of(Colour.RED, failed + (failed == 1 ? " error" : " errors"));
    return paint.of(Colour.BOLD, "trace " + trace)
        + "  %d %s, %d %s, %s, %s%s"
            .formatted(
                spans.size(),
                spans.size() == 1 ? "span" : "spans",
                services,
                services == 1 ? "service" : "services",
                Millis.of(last - first),
                time(first),
                errors);
  }

  private void span(SpanTree.Place place, long first, long last, Appendable out)
      throws IOException {
    Span span = place.span();
    String lead = place.lead();
    int room = Math.max(4, names - SafeText.width(lead));
    String service = SafeText.of(span.service().isEmpty() ? "-" : span.service(), room);
    room -= SafeText.width(service) + 1;
    String name = room < 2 ? "" : SafeText.of(span.name(), room);
    room -= SafeText.width(name);
    String duration = Millis.of(span.nanos());
    String more = more(span, place.note());
    out.append(paint.of(Colour.DIM, lead))
        .append(paint.name(service))
        .append(' ')
        .append(span.failed() ? paint.of(Colour.RED, name) : name)
        .append(" ".repeat(Math.max(0, room) + 1))
        .append(" ".repeat(Math.max(0, DURATION - duration.length())))
        .append(duration)
        .append("  ")
        .append(bar(span, first, last, more));
    out.append(more.isEmpty() ? "" : " " + paint.of(Colour.DIM, more)).append('\n');
    if (span.failed()) {
      String what = span.status().isEmpty() ? "failed" : span.status();
      out.append(paint.of(Colour.DIM, place.below()))
          .append(paint.of(Colour.RED, "  ! " + SafeText.of(what, Math.max(10, width - 24))))
          .append('\n');
    }
  }

  private static String more(Span span, String note) {
    List<String> parts = new ArrayList<>();
    if (span.events() > 0) {
      parts.add(span.events() + (span.events() == 1 ? " event" : " events"));
    }
    if (span.links() > 0) {
      parts.add(span.links() + (span.links() == 1 ? " link" : " links"));
    }
    if (span.nanos() < 0) {
      parts.add("ends before it starts");
    }
    if (!note.isEmpty()) {
      parts.add(SafeText.of(note));
    }
    return String.join(", ", parts);
  }

  /** As wide for every span that something stands behind, so that it is aligned. */
  private String bar(Span span, long first, long last, String behind) {
    double all = Math.max(1, unsigned(last - first));
    int from = (int) Math.min(bar - 1, bar * (unsigned(span.start() - first) / all));
    long end = later(span.start(), span.end());
    int to = (int) Math.min(bar, Math.ceil(bar * (unsigned(end - first) / all)));
    int length = Math.max(1, to - from);
    return " ".repeat(from)
        + paint.of(span.failed() ? Colour.RED : Colour.CYAN, "━".repeat(length))
        + (behind.isEmpty() ? "" : " ".repeat(Math.max(0, bar - from - length)));
  }

  private void log(String below, SpanLog log, long first, Appendable out) throws IOException {
    String text =
        "· +%s %s %s".formatted(Millis.of(log.nanos() - first), log.severity(), log.body());
    int room = Math.max(10, width - SafeText.width(below) - 2);
    out.append(paint.of(Colour.DIM, below + "  ")).append(SafeText.of(text, room)).append('\n');
  }

  private static long later(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : value + 0x1p64;
  }

  /** Beyond year 2554 there are no unsigned nanos. */
  private static Instant time(long nanos) {
    return Instant.ofEpochSecond(
            Long.divideUnsigned(nanos, 1_000_000_000), Long.remainderUnsigned(nanos, 1_000_000_000))
        .truncatedTo(ChronoUnit.MILLIS);
  }
}
