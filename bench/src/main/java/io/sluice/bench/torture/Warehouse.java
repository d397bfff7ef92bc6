package io.sluice.bench.torture;

import io.sluice.bench.harness.LakeFlags;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the tables' files are, and what can be done to it from outside. */
interface Warehouse {

  /** Away for a while. */
  void gone(Fault.Lasting lasting) throws IOException, InterruptedException;

  /**
   * The connections to it are reset, again and again, for a while.
   *
   * @throws UnsupportedOperationException there are none
   */
  default void resets(Fault.Lasting lasting) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("cannot reset connections: there are none");
  }

  /**
   * Where the options say.
   *
   * @param data the directory of all data
   * @param settings gets what makes Writers use it
   */
  static Warehouse of(
      @Nullable LakeConfig lake, Path data, List<String> settings, FaultLog log, Closer closer)
      throws IOException {
    if (lake == null) {
      log.notRun(FaultKind.STORE_RESET, "files have no connections");
      return new LinkedDirectory(data);
    }
    requireEmpty(lake);
    URI endpoint = Objects.requireNonNull(lake.s3().endpoint());
    HostPort store = new HostPort(endpoint.getHost(), endpoint.getPort());
    Link way = closer.add(new Link(() -> store));
    settings.addAll(LakeFlags.of(lake, URI.create("http://" + way.address())));
    return new LinkedStore(way);
  }

  /** What others have there is not to be tortured. */
  private static void requireEmpty(LakeConfig lake) throws IOException {
    try (Lake open = Lake.open(lake, Clock.systemUTC())) {
      if (!open.tenants().isEmpty()) {
        throw new IOException(
            "cannot torture: %s has tables already (an empty catalog)"
                .formatted(lake.catalogUri()));
      }
    }
  }
}
