package io.sluice.schema.admin;

import io.sluice.schema.service.BindAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which names pages are asked that only this machine reaches, and that ask for no token: else a
 * page of elsewhere, in a browser on this machine, could have its own name resolve to loopback and
 * read them. Such a page must have a name that can be bought, and so has a dot: addresses, names
 * without a dot and those reserved for loopback are no danger.
 */
final class OwnNames {

  private static final OwnNames ALL = new OwnNames(false, Set.of());

  private static final Set<String> LOOPBACK =
      Set.of("localhost.localdomain", "localhost6.localdomain6");

  private final boolean checked;
  private final Set<String> bound;

  private OwnNames(boolean checked, Set<String> bound) {
    this.checked = checked;
    this.bound = bound;
  }

  /**
   * @param address where it listens
   * @param open whether all who reach the pages may see them
   * @param plain whether it speaks without TLS, by which a browser checks the name itself
   */
  static OwnNames of(BindAddress address, boolean open, boolean plain) {
    if (!open || !plain || !address.isLoopback()) {
      return ALL;
    }
    Set<String> bound = new HashSet<>();
    Arrays.stream(address.text().split(",", -1)).map(OwnNames::name).forEach(bound::add);
    return new OwnNames(true, bound);
  }

  /**
   * @param host the header of that name; null if there is none, as of no browser
   */
  boolean has(@Nullable String host) {
    if (!checked || host == null) {
      return true;
    }
    String name = name(withoutPort(host.strip()));
    return name.indexOf('.') < 0
        || isAddress(name)
        || name.endsWith(".localhost")
        || LOOPBACK.contains(name)
        || bound.contains(name);
  }

  private static String name(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
  }

  /** A browser takes a name whose last label is a number for an address, and never looks it up. */
  private static boolean isAddress(String name) {
    return name.startsWith("[") || name.matches("[0-9]+(\\.[0-9]+){3}");
  }
}
