package io.sluice.query.flightsql;

import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why a call fails, as its client is told: a code and one sentence. */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  /** DuckDB shows the place below the sentence; clients show one line. */
  private static final Pattern PLACE = Pattern.compile("\\n+LINE \\d+: .*", Pattern.DOTALL);

  private static final Pattern LINES = Pattern.compile("\\s*\\n\\s*");

  static FlightRuntimeException of(Exception failure) {
    if (failure instanceof FlightRuntimeException told) {
      return told;
    }
    if (failure instanceof SqlException wrong && isMemory(String.valueOf(wrong.getMessage()))) {
      return memory();
    }
    if (failure instanceof SqlException wrong) {
      return CallStatus.INVALID_ARGUMENT
          .withDescription(sentence(String.valueOf(wrong.getMessage())))
          .toRuntimeException();
    }
    if (failure instanceof ReadException unread) {
      return CallStatus.UNAVAILABLE
          .withDescription(sentence(String.valueOf(unread.getMessage())))
          .toRuntimeException();
    }
    if (failure instanceof OutOfMemoryException) {
      return memory();
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return CallStatus.UNAVAILABLE
          .withDescription("cannot go on: the endpoint stops (run it again)")
          .toRuntimeException();
    }
    LOG.error("a call of Flight SQL failed", failure);
    return CallStatus.INTERNAL
        .withDescription("cannot run: the endpoint failed: " + sentence(failure.toString()))
        .toRuntimeException();
  }

  /** DuckDB names what it could not have, and settings that nobody may change here. */
  private static boolean isMemory(String message) {
    return message.contains("Out of Memory Error") || message.contains("max_temp_directory_size");
  }

  static FlightRuntimeException memory() {
    return CallStatus.RESOURCE_EXHAUSTED
        .withDescription(
            "cannot run: the statement needs more memory, or disk, than it may have (ask for less: fewer columns, groups or days; or raise flight-sql.statement-memory, flight-sql.statement-disk)")
        .toRuntimeException();
  }

  /** Of what DuckDB or we say, without lines. */
  static String sentence(String message) {
    String text = LINES.matcher(PLACE.matcher(message.strip()).replaceFirst("")).replaceAll("; ");
    return text.startsWith("cannot ") || text.equals("cancelled") ? text : "cannot run: " + text;
  }

  static FlightRuntimeException untaken(Duration patience) {
    return CallStatus.TIMED_OUT
        .withDescription(
            "cannot go on: no row was taken for %d s (run it again, and read it at once)"
                .formatted(patience.toSeconds()))
        .toRuntimeException();
  }

  static FlightRuntimeException cancelled() {
    return CallStatus.CANCELLED
        .withDescription("cannot go on: the statement was cancelled")
        .toRuntimeException();
  }

  static FlightRuntimeException unknown(String what, String advice) {
    return CallStatus.NOT_FOUND
        .withDescription("cannot find the %s (%s)".formatted(what, advice))
        .toRuntimeException();
  }

  static FlightRuntimeException readOnly(String what) {
    return CallStatus.INVALID_ARGUMENT
        .withDescription(
            "cannot %s: this endpoint only reads (tables are written by sending OTLP)"
                .formatted(what))
        .toRuntimeException();
  }

  private Refusals() {}
}
