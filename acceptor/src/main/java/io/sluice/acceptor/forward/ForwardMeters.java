package io.sluice.acceptor.forward;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What one stream counts. */
record ForwardMeters(
    LongAdder messages,
    LongAdder bytes,
    LongAdder batches,
    LongAdder repeats,
    Map<Again, LongAdder> sentAgain,
    LongAdder refusals,
    LongAdder malformed,
    LongAdder unanswered,
    LongAdder abandoned,
    LongAdder away,
    LongAdder lost) {

  void sentAgain(Again why) {
    Objects.requireNonNull(sentAgain.get(why)).increment();
  }

  static ForwardMeters of(Telemetry telemetry, String tenant, Table table) {
    Attributes by =
        Attributes.builder().put("tenant", tenant).put("table", table.tableName()).build();
    return new ForwardMeters(
        telemetry.counter("sluice.forward.messages", by),
        telemetry.counter("sluice.forward.sent", by),
        telemetry.counter("sluice.forward.batches", by),
        telemetry.counter("sluice.forward.repeats", by),
        sentAgain(telemetry, by),
        telemetry.counter("sluice.forward.refusals", by),
        telemetry.counter("sluice.forward.malformed", by),
        telemetry.counter("sluice.forward.unanswered", by),
        telemetry.counter("sluice.forward.abandoned", by),
        telemetry.counter("sluice.forward.away", by),
        telemetry.counter("sluice.forward.streams.lost", by));
  }

  private static Map<Again, LongAdder> sentAgain(Telemetry telemetry, Attributes by) {
    Map<Again, LongAdder> counters = new EnumMap<>(Again.class);
    for (Again reason : Again.values()) {
      counters.put(
          reason,
          telemetry.counter(
              "sluice.forward.resent",
              by.toBuilder().put("reason", reason.name().toLowerCase(Locale.ROOT)).build()));
    }
    return counters;
  }
}
