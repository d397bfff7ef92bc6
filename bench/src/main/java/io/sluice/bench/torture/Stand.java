package io.sluice.bench.torture;

import io.sluice.bench.harness.Deadline;
import io.sluice.bench.harness.LakeFlags;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.torture.writer.Main;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.HostPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The services, what hurts them and what loads them. One thread uses it. */
final class Stand implements AutoCloseable {

  /** So that in minutes there are many commits, segments and releases. */
  private static final List<String> SETTINGS =
      List.of(
          "--seal.late=4s",
          "--seal.soon=2s",
          "--seal.soon-bytes=1MiB",
          "--read.grace=5s",
          "--read.patience=15s",
          "--checkpoint.every=3s",
          "--wal.segment-bytes=2MiB",
          "--wal.max-bytes=512MiB");

  private static final long POLL_MILLIS = 50;

  private final Closer closer;
  private final SluiceBox box;
  private final Arsenal arsenal;
  private final Loads loads;
  private final FaultLog log;

  private Stand(Path directory, TortureOptions options, FaultLog log, Closer closer)
      throws Exception {
    this.log = log;
    this.closer = closer;
    Path data = Files.createDirectory(directory.resolve("data"));
    @Nullable SmallDisk disk = smallDisk(directory, data);
    List<String> settings = new ArrayList<>(SETTINGS);
    Warehouse warehouse = warehouse(options.lake(), data, settings);
    SwitchFile switches = new SwitchFile(directory.resolve("switches").toAbsolutePath());
    AtomicReference<SluiceBox> made = new AtomicReference<>();
    Link link = closer.add(new Link(() -> Objects.requireNonNull(made.get()).flight()));
    box =
        closer.add(
            new SluiceBox(
                directory,
                settings,
                new SluiceBox.Wiring(
                    Main.class.getName(),
                    List.of("-D%s=%s".formatted(Main.SWITCHES, switches.file())),
                    link.address(),
                    options.lake())));
    made.set(box);
    box.start();
    arsenal =
        new Arsenal(
            closer.add(new KeptService(box.writer(), log)),
            closer.add(new KeptService(box.acceptor(), log)),
            link,
            switches,
            warehouse,
            disk,
            new CatalogLock(box.target().lake()),
            closer.add(new ForeignCommits(box.target(), log)),
            closer.add(new LedgerChecks(box, log)));
    loads = closer.add(Loads.start(box, options));
    log.counting(loads::acked);
  }

  /**
   * @param settings gets what makes the Writer use it
   */
  private Warehouse warehouse(@Nullable LakeConfig lake, Path data, List<String> settings)
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

  private @Nullable SmallDisk smallDisk(Path directory, Path data)
      throws IOException, InterruptedException {
    try {
      Path mount = Files.createDirectory(data.resolve("writer"));
      return closer.add(SmallDisk.mount(directory.resolve("writer.img"), mount));
    } catch (IOException e) {
      log.notRun(FaultKind.DISK_FULL, "needs root and loop devices: " + e.getMessage());
      return null;
    }
  }

  static Stand open(Path directory, TortureOptions options, FaultLog log) throws Exception {
    Closer closer = new Closer();
    try {
      return new Stand(directory, options, log, closer);
    } catch (Exception e) {
      throw closer.closeAfter(e);
    }
  }

  SluiceBox box() {
    return box;
  }

  Arsenal arsenal() {
    return arsenal;
  }

  Loads loads() {
    return loads;
  }

  Availability availability() {
    return new Availability(log)
        .watching("gRPC", loads::ackedOverGrpc)
        .watching("HTTP", loads::ackedOverHttp)
        .begin();
  }

  /**
   * Returns when both services are ready and both protocols have acked again.
   *
   * @throws IOException they do not in time
   */
  void awaitRecovery(Duration limit) throws Exception {
    Deadline deadline = Deadline.in(limit, Duration.ZERO);
    for (KeptService service : List.of(arsenal.writer(), arsenal.acceptor())) {
      if (!service.awaitReady(limit)) {
        throw new IOException(
            "not ready %s after the last fault: %s%n%s".formatted(limit, service, service.tail()));
      }
    }
    long grpc = loads.ackedOverGrpc();
    long http = loads.ackedOverHttp();
    while (loads.ackedOverGrpc() == grpc || loads.ackedOverHttp() == http) {
      loads.check();
      deadline.check("an ack after the last fault");
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Stops both as an operator does. */
  void stop() throws IOException, InterruptedException {
    arsenal.writer().close();
    arsenal.acceptor().close();
    try {
      box.stop();
    } catch (IOException e) {
      log.found(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }
}
