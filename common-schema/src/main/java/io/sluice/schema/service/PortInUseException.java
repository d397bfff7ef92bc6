package io.sluice.schema.service;

import java.io.IOException;
import java.io.Serial;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/** A port that a service must listen on cannot be had: say so and exit with 2. */
public final class PortInUseException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Says which port and how to move it.
   *
   * @param setting the key of the setting that moves the port, as in {@code otlp.grpc.port}
   */
  public PortInUseException(Object address, String setting, @Nullable Throwable cause) {
    super(
        "cannot listen on %s: %s (move it with --%s or %s)"
            .formatted(address, reason(cause), setting, Settings.environmentName(setting)),
        cause);
  }

  private static String reason(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (at instanceof BindException && message != null) {
        return message.contains("in use") ? "the port is in use" : message;
      }
    }
    return cause == null || cause.getMessage() == null ? "the port is in use" : cause.getMessage();
  }
}
