package io.sluice.writer.sim;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Placement;
import io.sluice.writer.apply.Window;
import io.sluice.writer.model.ModelCluster;
import io.sluice.writer.model.ModelLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The Writers with their disks, whether they run or not, and the network between them. */
final class SimWriters {

  private static final int COPIES = 3;
  private static final int ROOM = 1_000_000;

  private final World world;
  private final SimTables tables;
  private final Placement placement;
  final List<ModelCluster> clusters;
  private final List<HostPort> addresses;
  private final @Nullable SimProcess[] processes;
  private final boolean[][] cut;
  private final boolean[][] clientCut;
  private final Truth truth;

  /**
   * @param clients who reach Writers, beside the Writers themselves
   */
  SimWriters(World world, SimTables tables, int clients) {
    Plan plan = world.plan;
    this.world = world;
    this.tables = tables;
    this.placement = Placement.of(plan.logs, plan.writers, List.of(), COPIES);
    this.addresses =
        IntStream.range(0, plan.writers).mapToObj(i -> new HostPort("writer-" + i, 8815)).toList();
    this.clusters = new ArrayList<>();
    for (int log = 0; log < plan.logs; log++) {
      List<Integer> holders = placement.writers(log);
      ModelCluster cluster = new ModelCluster(new UUID(3, log), COPIES);
      cluster.addresses(replica -> addresses.get(holders.get(replica)).toString());
      cluster.tellLate();
      if (world.has(Flaw.ACK_ALONE)) {
        cluster.commitWith(1);
      }
      clusters.add(cluster);
    }
    this.processes = new SimProcess[plan.writers];
    this.cut = new boolean[plan.writers][plan.writers];
    this.clientCut = new boolean[clients][plan.writers];
    this.truth = new Truth(world, clusters);
  }

  Truth truth() {
    return truth;
  }

  List<HostPort> addresses() {
    return addresses;
  }

  int writer(HostPort address) {
    return addresses.indexOf(address);
  }

  List<Integer> holders(int log) {
    return placement.writers(log);
  }

  @Nullable SimProcess process(int writer) {
    return processes[writer];
  }

  /** The process that has a replica of a log, if it runs. */
  @Nullable Hosting hosting(int log, int replica) {
    SimProcess process = processes[holders(log).get(replica)];
    return process == null ? null : process.hostings.get(log);
  }

  boolean isUp(int writer) {
    return processes[writer] != null;
  }

  void start(int writer) {
    SimProcess process = new SimProcess(world, writer);
    int room = world.hits(Fault.OTHER_LIMITS) ? ROOM + world.below(ROOM) : ROOM;
    long wall = world.now() + Messages.FIRST_MICROS;
    if (world.hits(Fault.WRONG_CLOCK)) {
      wall += world.between(-100, 100) * 60 * Plan.SECOND;
    }
    for (int log : placement.logs(writer)) {
      ModelLog replica = clusters.get(log).log(holders(log).indexOf(writer));
      replica.wallMicros(wall);
      Window.Limits limits = new Window.Limits(Plan.WINDOW, room);
      process.host(new Hosting(world, tables, truth, process, log, replica, limits));
    }
    processes[writer] = process;
    world.note("writer-%d starts", writer);
    process.hostings.values().forEach(Hosting::start);
  }

  void kill(int writer) {
    SimProcess process = processes[writer];
    if (process != null) {
      world.note("writer-%d is killed", writer);
      processes[writer] = null;
      process.kill();
      look();
    }
  }

  /** Killed, and its disk with it; not if another one lacks a part as well. */
  boolean loseDisk(int writer) {
    for (int log : placement.logs(writer)) {
      for (int replica = 0; replica < COPIES; replica++) {
        if (clusters.get(log).learns(replica)) {
          return false;
        }
      }
    }
    kill(writer);
    world.note("writer-%d has an empty disk", writer);
    for (int log : placement.logs(writer)) {
      if (!clusters.get(log).replace(holders(log).indexOf(writer))) {
        throw new AssertionError("the model is wrong");
      }
    }
    return true;
  }

  void pause(int writer, long until) {
    SimProcess process = processes[writer];
    if (process != null) {
      world.note("writer-%d is stopped for %d ms", writer, (until - world.now()) / 1_000);
      process.pause(until);
      look();
      world.agenda.in(until - world.now(), this::look);
    }
  }

  void cut(int a, int b, boolean isCut) {
    world.note("writer-%d and writer-%d are %s", a, b, isCut ? "cut" : "joined");
    cut[a][b] = isCut;
    cut[b][a] = isCut;
    look();
  }

  void cutClient(int client, int writer, boolean isCut) {
    clientCut[client][writer] = isCut;
  }

  void joinAll() {
    for (boolean[] each : cut) {
      Arrays.fill(each, false);
    }
    for (boolean[] each : clientCut) {
      Arrays.fill(each, false);
    }
    look();
  }

  /** Whether there is a connection: that the process is stopped is not to be seen. */
  boolean reaches(int client, int writer) {
    return processes[writer] != null && !clientCut[client][writer];
  }

  private boolean isPaused(int writer) {
    SimProcess process = processes[writer];
    return process != null && process.isPaused();
  }

  /** Who is stopped hears of nobody. */
  private void look() {
    for (int log = 0; log < clusters.size(); log++) {
      List<Integer> holders = holders(log);
      for (int a = 0; a < COPIES; a++) {
        for (int b = 0; b < a; b++) {
          int x = holders.get(a);
          int y = holders.get(b);
          clusters.get(log).cut(a, b, cut[x][y] || isPaused(x) || isPaused(y));
        }
      }
    }
  }
}
