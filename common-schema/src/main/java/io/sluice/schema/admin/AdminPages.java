package io.sluice.schema.admin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which page is where. Safe for any thread. */
final class AdminPages {

  /**
   * @param forAll whether it tells nothing of anybody, as probes do
   */
  record Place(AdminPage page, boolean forAll) {}

  private final Map<String, Place> places = new ConcurrentHashMap<>();

  /**
   * @param path of the page alone; of all below, if it ends with a slash
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
    for (int slash = path.lastIndexOf('/');
        slash >= 0;
        slash = slash == 0 ? -1 : path.lastIndexOf('/', slash - 1)) {
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
