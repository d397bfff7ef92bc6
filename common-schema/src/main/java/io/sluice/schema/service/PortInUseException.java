package io.sluice.schema.service;

import java.io.Serial;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A port that a service must listen on cannot be had: say so and exit with 2. */
public final class PortInUseException extends CannotStartException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Says which port and how to move it.
   *
   * @param address a socket address, or how a sentence names it
   * @param setting the key of the setting that moves the port, as in {@code otlp.grpc.port}
   */
  public PortInUseException(Object address, String setting, @Nullable Throwable cause) {
    super(
        "cannot listen on %s: %s (move it with --%s or %s)"
            .formatted(shown(address), reason(cause), setting, Settings.environmentName(setting)),
        cause);
  }

  private static String shown(Object address) {
    return address instanceof InetSocketAddress socket
        ? new HostPort(socket.getHostString(), socket.getPort()).toString()
        : address.toString();
  }

  private static String reason(@Nullable Throwable cause) {
    String reason = "";
    for (Throwable at = cause; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (message != null && message.contains("in use")) {
        return "the port is in use";
      }
      reason = message == null ? reason : message; // the deepest knows best
    }
    return reason.isEmpty() ? "the port is in use" : reason;
  }
}
