package io.sluice.schema.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Under which names and addresses a certificate is good, as clients check it (RFC 6125). */
final class HostNames {

  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /**
   * Whether it is for that host: by its subjectAltName, in which {@code *} is one label.
   *
   * @param host a name, or an address without brackets
   */
  static boolean has(X509Certificate certificate, String host) {
    boolean address = host.matches("[0-9.]+|.*:.*");
    String wanted = host.toLowerCase(Locale.ROOT);
    for (List<?> name : names(certificate)) {
      String text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
      boolean is =
          address
              ? name.get(0).equals(IP_ADDRESS) && same(text, wanted)
              : name.get(0).equals(DNS_NAME) && matches(text, wanted);
      if (is) {
        return true;
      }
    }
    return false;
  }

  /** Whether it names all hosts that the other names, in the same words; there must be some. */
  static boolean hasAll(X509Certificate certificate, X509Certificate other) {
    Set<String> wanted = hosts(other);
    return !wanted.isEmpty() && hosts(certificate).containsAll(wanted);
  }

  private static Set<String> hosts(X509Certificate certificate) {
    Set<String> hosts = new HashSet<>();
    for (List<?> name : names(certificate)) {
      if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
        hosts.add((name.get(0) + " " + name.get(1)).toLowerCase(Locale.ROOT));
      }
    }
    return hosts;
  }

  private static Collection<List<?>> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static boolean matches(String name, String host) {
    int dot = host.indexOf('.');
    return name.equals(host)
        || (name.startsWith("*.") && dot > 0 && name.substring(1).equals(host.substring(dot)));
  }

  private static boolean same(String one, String other) {
    try {
      return InetAddress.getByName(one).equals(InetAddress.getByName(other));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private HostNames() {}
}
