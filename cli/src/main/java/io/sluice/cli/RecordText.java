package io.sluice.cli;

import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a log's record is, in words. */
final class RecordText {
  private static final int MOST_PADDING = 7;

  private RecordText() {}

  /** A stream's first message names log, tenant and table. */
  static String stream(byte[] message) {
    try {
      return String.valueOf(FlightFrame.parse(ByteBuffer.wrap(message)).path());
    } catch (MalformedMessageException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  /**
   * Of a record that is damaged: its table, its batches and their rows, as far as they can be read.
   *
   * @param stream null if it is not known
   * @param payload up to 7 bytes too long
   */
  static String damaged(byte @Nullable [] stream, ByteBuffer payload) {
    String table = stream == null ? "table unknown" : "table " + stream(stream);
    String batches = "batches unknown";
    for (int padding = 0; padding <= Math.min(MOST_PADDING, payload.remaining()); padding++) {
      try {
        ByteBuffer message = payload.slice(payload.position(), payload.remaining() - padding);
        return table + ", " + batches(PutMetadata.parse(FlightFrame.parse(message).metadata()));
      } catch (MalformedMessageException e) {
        batches = "batches unknown (" + e.getMessage() + ")";
      }
    }
    return table + ", " + batches;
  }

  private static String batches(PutMetadata metadata) {
    return metadata.batches().stream()
        .map(batch -> "batch %s of %d rows".formatted(batch.id(), batch.rows()))
        .collect(Collectors.joining(", "));
  }
}
