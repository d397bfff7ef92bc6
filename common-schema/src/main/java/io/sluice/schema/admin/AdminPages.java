package io.sluice.schema.admin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which page is where. Safe for any thread. */
final class AdminPages {

  /**
   * @param forAll whether it tells nothing of anybody, as probes do
   * @param streams to which its answers belong, which go on after the page's; null if they end
   */
  record Place(AdminPage page, boolean forAll, @Nullable AdminStreams streams) {
    Place(AdminPage page, boolean forAll) {
      this(page, forAll, null);
    }
  }

  private final Map<String, Place> places = new ConcurrentHashMap<>();

  /**
   * @param path of the page alone; of all below, if it ends with a slash and is not that alone
   */
  void put(String path, Place place) {
    places.put(path, place);
  }

  /**
   * @param path as it was sent; one slash at its end is forgiven
   */
  @Nullable Place at(String path) {
    Place exact = places.get(path);
    if (exact != null) {
      return exact;
    }
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      Place above = places.get(path.substring(0, slash + 1));
      if (above != null) {
        return above;
      }
    }
    return path.length() > 1 && path.endsWith("/")
        ? places.get(path.substring(0, path.length() - 1))
        : null;
  }
}
