package io.sluice.schema.service;

import java.util.Arrays;
import java.util.List;

/** Where a service listens: {@code host:port}, an IPv6 address in brackets. */
public record HostPort(String host, int port) {

  public HostPort {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException("cannot use address: '%s' port %d".formatted(host, port));
    }
  }

  /**
   * Reads {@code host:port} or {@code [::1]:port}.
   *
   * @throws IllegalArgumentException not of this form
   */
  public static HostPort parse(String text) {
    String trimmed = text.trim();
    int colon = trimmed.lastIndexOf(':');
    String host = colon < 0 ? "" : trimmed.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    try {
      return new HostPort(host, Integer.parseInt(trimmed.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot read address: '%s' (write it as host:port or [::1]:port)".formatted(text), e);
    }
  }

  /** Reads a comma-separated list; at least one. */
  public static List<HostPort> parseList(String text) {
    return Arrays.stream(text.split(",", -1)).map(HostPort::parse).toList();
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
