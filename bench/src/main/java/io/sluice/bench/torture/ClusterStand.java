package io.sluice.bench.torture;

import io.sluice.bench.harness.ClusterBox;
import io.sluice.bench.harness.ClusterPorts;
import io.sluice.bench.harness.ServiceProcess;
import io.sluice.bench.torture.writer.Main;
import io.sluice.schema.service.Closer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Lays out the stand of several Writers and an Acceptor. */
final class ClusterStand {

  private static final Set<FaultKind> OF_NETWORK =
      EnumSet.of(
          FaultKind.PART_WRITERS,
          FaultKind.PART_ONE_WAY,
          FaultKind.PART_LEADER,
          FaultKind.ISOLATE_LEADER,
          FaultKind.PART_ACCEPTOR);

  static Stand open(Path directory, TortureOptions options, FaultLog log) throws Exception {
    Closer closer = new Closer();
    try {
      return open(directory, options, log, closer);
    } catch (Exception e) {
      throw closer.closeAfter(e);
    }
  }

  private static Stand open(Path directory, TortureOptions options, FaultLog log, Closer closer)
      throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    List<String> settings = new ArrayList<>(Stand.SETTINGS);
    Warehouse warehouse = Warehouse.of(options.lake(), data, settings, log, closer);
    ClusterPorts ports = ClusterBox.freePorts(options.writers());
    Network network = closer.add(Network.of(directory, ports));
    if (!Network.isPossible()) {
      OF_NETWORK.forEach(kind -> log.notRun(kind, "needs all of 127.0.0.0/8"));
    }
    List<SwitchFile> switches = new ArrayList<>();
    for (int place = 0; place < options.writers(); place++) {
      switches.add(
          new SwitchFile(directory.resolve("switches-%d".formatted(place)).toAbsolutePath()));
    }
    ClusterBox box =
        closer.add(
            new ClusterBox(
                directory,
                new ClusterBox.Plan(
                    options.writers(),
                    options.factor(),
                    options.writers(),
                    settings,
                    options.lake()),
                ports,
                new Wired(network, switches)));
    box.start();
    List<KeptService> writers = new ArrayList<>();
    for (ServiceProcess writer : box.writers()) {
      writers.add(closer.add(new KeptService(writer, log)));
    }
    ClusterView view = closer.add(new ClusterView(box.flights(), box.logs(), box.factor()));
    Arsenal arsenal =
        new ClusterArsenal(
            box,
            writers,
            closer.add(new KeptService(box.acceptor(), log)),
            network,
            switches,
            warehouse,
            new CatalogLock(box.target().lake()),
            closer.add(new ForeignCommits(box.target(), log)),
            closer.add(new LedgerChecks(box, log)),
            view,
            log);
    return new Stand(box, arsenal, closer.add(Loads.start(box, options)), log, closer);
  }

  /** The Writers' disk, store and catalog are switched; all take the network. */
  private record Wired(Network network, List<SwitchFile> switches) implements ClusterBox.Wiring {

    @Override
    public String writerMain() {
      return Main.class.getName();
    }

    @Override
    public List<String> jvm(int place) {
      List<String> flags = new ArrayList<>(network.jvm(place));
      if (place < switches.size()) {
        flags.addAll(switches.get(place).jvm());
      }
      return flags;
    }
  }

  private ClusterStand() {}
}
