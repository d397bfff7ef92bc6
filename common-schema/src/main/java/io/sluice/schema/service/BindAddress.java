package io.sluice.schema.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** On which of this machine's addresses the services listen. */
public record BindAddress(String text, List<InetAddress> addresses) {

  /** What stands for 127.0.0.1 and, where the machine has it, ::1. */
  public static final String LOOPBACK = "loopback";

  public BindAddress {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads {@code loopback}, {@code *} (all addresses) or a comma-separated list of addresses.
   *
   * @throws IllegalArgumentException an address that does not resolve
   */
  public static BindAddress parse(String text) {
    try {
      if (text.equals(LOOPBACK)) {
        return new BindAddress(text, loopback());
      }
      if (text.equals("*")) {
        return new BindAddress(text, List.of(InetAddress.getByName("0.0.0.0")));
      }
      List<InetAddress> addresses = new ArrayList<>();
      for (String address : text.split(",", -1)) {
        if (address.isBlank()) {
          throw new IllegalArgumentException("cannot read bind address: '%s'".formatted(text));
        }
        addresses.add(InetAddress.getByName(address.trim()));
      }
      return new BindAddress(text, addresses);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read bind address: '%s' (write loopback, * or an address of this machine)"
              .formatted(text),
          e);
    }
  }

  /** Each address with this port. */
  public List<InetSocketAddress> at(int port) {
    return addresses.stream().map(a -> new InetSocketAddress(a, port)).toList();
  }

  /** Whether nobody from another machine reaches what listens here. */
  public boolean isLoopback() {
    return addresses.stream().allMatch(InetAddress::isLoopbackAddress);
  }

  /** A host by which this machine reaches what listens here; an IPv6 address without brackets. */
  public String reachable() {
    InetAddress address = addresses.get(0);
    return address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
  }

  @Override
  public String toString() {
    return text;
  }

  private static List<InetAddress> loopback() throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    addresses.add(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}));
    byte[] one = new byte[16];
    one[15] = 1;
    InetAddress ipv6 = InetAddress.getByAddress("localhost", one);
    boolean present =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(a -> Arrays.equals(a.getAddress(), one));
    if (present) {
      addresses.add(ipv6);
    }
    return addresses;
  }
}
