package io.sluice.writer.apply;

import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogRecord;
import java.util.List;

/** The batch ids in a record, in order. */
final class Batches {

  static List<BatchId> of(LogRecord record) {
    try {
      FlightFrame frame = FlightFrame.parse(record.payload());
      return PutMetadata.parse(frame.metadata()).batches().stream()
          .map(PutMetadata.Batch::id)
          .toList();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private Batches() {}
}
