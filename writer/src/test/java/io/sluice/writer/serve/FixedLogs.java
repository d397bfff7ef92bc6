package io.sluice.writer.serve;

import io.sluice.schema.service.Telemetry;
import io.sluice.wal.DurableLog;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.persist.Holds;
import io.sluice.writer.persist.TimeToFull;
import java.util.List;

/** Logs that nothing is persisted of. */
record FixedLogs(int count, List<ServedLog> hosted) implements ServedLogs {

  static FixedLogs of(DurableLog only, ChunkBuffer buffer, ReadGate gate) {
    return new FixedLogs(1, List.of(served(0, only, buffer, gate)));
  }

  /** As by default. */
  static Admitted admitted() {
    return new Admitted(new FlightLimits(64, 256, 512, 256), new Telemetry("test"));
  }

  /** Of a Writer that can be held. */
  static Actions actions(String writer, String address, ServedLogs logs, Admitted admitted) {
    Holds holds = new Holds(System::nanoTime, new Telemetry("test"));
    return new Actions(
        new WriterStatus(writer, address, logs, holds),
        logs,
        admitted,
        new HoldAction(holds, writer, 1));
  }

  static ServedLog served(int number, DurableLog log, ChunkBuffer buffer, ReadGate gate) {
    return new ServedLog(
        number, log, buffer, null, gate, new TimeToFull(() -> 0, () -> 0), table -> "nothing");
  }
}
