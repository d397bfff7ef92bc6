package io.sluice.acceptor.forward;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import java.util.concurrent.atomic.LongAdder;

/** What one stream counts. */
record ForwardMeters(
    LongAdder messages,
    LongAdder bytes,
    LongAdder batches,
    LongAdder repeats,
    LongAdder sentAgain,
    LongAdder refusals,
    LongAdder malformed,
    LongAdder unanswered,
    LongAdder abandoned,
    LongAdder lost) {

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
        telemetry.counter(
            "sluice.forward.resent", "{message}", "Messages sent again after a loss.", by),
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
        telemetry.counter("sluice.forward.streams.lost", "{stream}", "Streams lost.", by));
  }
}
