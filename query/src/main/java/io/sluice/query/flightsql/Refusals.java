package io.sluice.query.flightsql;

import io.sluice.query.ReadException;
import io.sluice.query.SqlException;
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
      return CallStatus.RESOURCE_EXHAUSTED
          .withDescription(
              "cannot go on: rows on their way take more than a statement may (ask for fewer columns, or raise flight-sql.statement-memory)")
          .toRuntimeException();
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

  /** Of what DuckDB or we say, without lines. */
  static String sentence(String message) {
    String text = LINES.matcher(PLACE.matcher(message.strip()).replaceFirst("")).replaceAll("; ");
    return text.startsWith("cannot ") || text.equals("cancelled") ? text : "cannot run: " + text;
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
