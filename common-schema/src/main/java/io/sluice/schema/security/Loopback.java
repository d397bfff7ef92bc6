package io.sluice.schema.security;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whether what goes to a host stays on this machine, without asking anybody where it is. */
public final class Loopback {

  /**
   * @param host a name, or an address with or without brackets; of names, {@code localhost} alone
   *     is one: where others are is said by whoever answers for names
   */
  public static boolean is(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    try {
      return bare.matches("\\d+(\\.\\d+){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*")
          && InetAddress.getByName(bare).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // no address, after all
    }
  }

  private Loopback() {}
}
