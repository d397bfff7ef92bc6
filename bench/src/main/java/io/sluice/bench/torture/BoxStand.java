package io.sluice.bench.torture;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.torture.writer.Main;
import io.sluice.schema.service.Closer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Lays out the stand of a Writer and an Acceptor. */
final class BoxStand {

  private final Closer closer;
  private final FaultLog log;

  private BoxStand(Closer closer, FaultLog log) {
    this.closer = closer;
    this.log = log;
  }

  static Stand open(Path directory, TortureOptions options, FaultLog log) throws Exception {
    Closer closer = new Closer();
    try {
      return new BoxStand(closer, log).open(directory, options);
    } catch (Exception e) {
      throw closer.closeAfter(e);
    }
  }

  private Stand open(Path directory, TortureOptions options) throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    @Nullable SmallDisk disk = smallDisk(directory, data);
    List<String> settings = new ArrayList<>(Stand.SETTINGS);
    Warehouse warehouse = Warehouse.of(options.lake(), data, settings, log, closer);
    SwitchFile switches = new SwitchFile(directory.resolve("switches").toAbsolutePath());
    AtomicReference<SluiceBox> made = new AtomicReference<>();
    Link link = closer.add(new Link(() -> Objects.requireNonNull(made.get()).flight()));
    SluiceBox box =
        closer.add(
            new SluiceBox(
                directory,
                settings,
                new SluiceBox.Wiring(
                        Main.class.getName(), switches.jvm(), link.address(), options.lake())
                    .accepting(acceptor(options))));
    made.set(box);
    box.start();
    Arsenal arsenal =
        new BoxArsenal(
            closer.add(new KeptService(box.writer(), log)),
            closer.add(new KeptService(box.acceptor(), log)),
            link,
            switches,
            warehouse,
            disk,
            new CatalogLock(box.target().lake()),
            closer.add(new ForeignCommits(box.target(), log)),
            closer.add(new LedgerChecks(box, log)));
    return new Stand(box, arsenal, closer.add(Loads.start(box, options)), log, closer);
  }

  /** Where tables are in a store, the log and the way to it are compressed, too. */
  private static List<String> acceptor(TortureOptions options) {
    return options.lake() == null ? List.of() : List.of("--forward.zstd=true");
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
}
