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
        telemetry.counter("sluice.forward.messages", "{message}", "Messages sent to Writers.", by),
        telemetry.counter("sluice.forward.sent", "By", "Bytes sent to Writers.", by),
        telemetry.counter(
            "sluice.forward.batches", "{batch}", "Batches that a Writer has stored.", by),
        telemetry.counter(
            "sluice.forward.repeats", "{batch}", "Batches that a Writer had stored before.", by),
        sentAgain(telemetry, by),
        telemetry.counter(
            "sluice.forward.refusals", "{message}", "Messages a Writer refused for now.", by),
        telemetry.counter(
            "sluice.forward.malformed", "{batch}", "Batches a Writer refused for good.", by),
        telemetry.counter(
            "sluice.forward.unanswered", "{batch}", "Batches nobody answered in time.", by),
        telemetry.counter(
            "sluice.forward.abandoned",
            "{batch}",
            "Batches given up because they lost their stream again and again.",
            by),
        telemetry.counter(
            "sluice.forward.away",
            "{batch}",
            "Batches refused at once, as no Writer has answered for their log for some time.",
            by),
        telemetry.counter("sluice.forward.streams.lost", "{stream}", "Streams lost.", by));
  }

  private static Map<Again, LongAdder> sentAgain(Telemetry telemetry, Attributes by) {
    Map<Again, LongAdder> counters = new EnumMap<>(Again.class);
    for (Again reason : Again.values()) {
      counters.put(
          reason,
          telemetry.counter(
              "sluice.forward.resent",
              "{message}",
              "Messages sent again, by why: their stream was lost, the Writer refused them, another"
                  + " Writer leads, or their batches are tried one by one.",
              by.toBuilder().put("reason", reason.name().toLowerCase(Locale.ROOT)).build()));
    }
    return counters;
  }
}
