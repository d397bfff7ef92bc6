package io.sluice.query;

import java.io.Serial;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;

/** A read lacks rows of a Writer only: one that may be partial gives the rest. */
public final class HotRowsAwayException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  HotRowsAwayException(ReadException why) {
    super(why.getMessage(), why);
  }

  /** What can be done about it: in words, for who reads by a command. */
  public String advice() {
    for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof FlightRuntimeException refused
          && (refused.status().code() == FlightStatusCode.UNAUTHENTICATED
              || refused.status().code() == FlightStatusCode.UNAUTHORIZED)) {
        return "(--token or SLUICE_TOKEN shows one)";
      }
    }
    return "(--allow-partial gives what can be read)";
  }
}
