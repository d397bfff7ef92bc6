package io.sluice.writer.serve;

import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightRuntimeException;

/** Refusals of reads, in the words of FORMATS: the reason tells the reader what to do. */
final class ReadErrors {

  private static final String REASON = "sluice-reason";

  /** Load the table again, then ask again. */
  static FlightRuntimeException reload(Throwable cause) {
    return unavailable("reload", String.valueOf(cause.getMessage()));
  }

  /** The reader took nothing for too long, or fell behind what is kept. */
  static FlightRuntimeException slowReader(String message) {
    return unavailable("slow-reader", message);
  }

  /** This Writer does not lead the log, or not yet: find the leader, and ask again. */
  static FlightRuntimeException leader(String message) {
    return unavailable("leader", message);
  }

  /** It cannot be done now, as a whole sentence says: ask again. */
  static FlightRuntimeException later(String message) {
    return unavailable("later", message);
  }

  /** Memory runs short, now. */
  static FlightRuntimeException memory(TableKey table) {
    return later(
        "cannot go on reading %s: the Writer has no memory for it (ask again, for fewer columns or later)"
            .formatted(table));
  }

  /** Too many calls are under way: ask again. */
  static FlightRuntimeException tooMany(String message) {
    return refusal(CallStatus.RESOURCE_EXHAUSTED, "later", message);
  }

  /** Rows that only the log has cannot be read: asking again does not help. */
  static FlightRuntimeException log(TableKey table, IOException cause) {
    return CallStatus.INTERNAL
        .withDescription("cannot go on reading %s: %s".formatted(table, cause.getMessage()))
        .withCause(cause)
        .toRuntimeException();
  }

  static FlightRuntimeException invalid(String message) {
    return CallStatus.INVALID_ARGUMENT.withDescription(message).toRuntimeException();
  }

  private static FlightRuntimeException unavailable(String reason, String message) {
    return refusal(CallStatus.UNAVAILABLE, reason, message);
  }

  private static FlightRuntimeException refusal(CallStatus status, String reason, String message) {
    ErrorFlightMetadata metadata = new ErrorFlightMetadata();
    metadata.insert(REASON, reason);
    return status.withDescription(message).withMetadata(metadata).toRuntimeException();
  }

  private ReadErrors() {}
}
