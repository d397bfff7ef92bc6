package io.sluice.bench.torture;

import io.sluice.bench.harness.ClusterBox;
import io.sluice.bench.torture.Link.Mode;
import io.sluice.bench.torture.writer.Switches.Switch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How each kind of fault is done to several Writers. The thread of its track uses the view.
 *
 * @param writers by their place
 * @param switches of each Writer
 */
record ClusterArsenal(
    ClusterBox box,
    List<KeptService> writers,
    KeptService acceptor,
    Network network,
    List<SwitchFile> switches,
    Warehouse warehouse,
    CatalogLock catalog,
    ForeignCommits foreign,
    LedgerChecks ledgers,
    ClusterView view,
    FaultLog log)
    implements Arsenal {

  private static final int STARTING_MILLIS = 4_000;
  private static final long OTHER_LEADS_MILLIS = 15_000;
  private static final long RECOVERY_MILLIS = 120_000;
  private static final long POLL_MILLIS = 200;

  /** In which ways a way fails. */
  private static final List<Mode> MODES =
      List.of(Mode.STALL, Mode.REFUSE, Mode.STALL, Mode.HALF_OPEN);

  ClusterArsenal {
    writers = List.copyOf(writers);
    switches = List.copyOf(switches);
  }

  @Override
  public Fault of(FaultKind kind) {
    return switch (kind) {
      case CATALOG_FAILS -> switched(Switch.CATALOG_FAILS);
      case CATALOG_HANGS -> switched(Switch.CATALOG_HANGS);
      case CATALOG_ANSWERS_LOST -> switched(Switch.CATALOG_ANSWERS_LOST);
      case CATALOG_LOCKED -> (fault, lasting) -> catalog.hold(lasting);
      case STORE_FAILS -> switched(Switch.STORE_FAILS);
      case STORE_HANGS -> switched(Switch.STORE_HANGS);
      case STORE_GONE -> (fault, lasting) -> warehouse.gone(lasting);
      case STORE_RESET -> (fault, lasting) -> warehouse.resets(lasting);
      case FOREIGN_PROPERTY -> (fault, lasting) -> foreign.property(fault.draw());
      case FOREIGN_APPEND -> (fault, lasting) -> foreign.append();
      case FOREIGN_REWRITE -> (fault, lasting) -> foreign.rewrite();
      case FOREIGN_EXPIRE -> (fault, lasting) -> foreign.expire();
      default -> madeGood(serial(kind));
    };
  }

  /** Of the processes and the ways between them. */
  private Fault serial(FaultKind kind) {
    return switch (kind) {
      case KILL_ACCEPTOR -> afterLedger((fault, lasting) -> acceptor.kill(lasting));
      case TERM_ACCEPTOR -> afterLedger((fault, lasting) -> acceptor.terminate(lasting));
      case STOP_ACCEPTOR -> (fault, lasting) -> acceptor.pause(lasting);
      case KILL_LEADER -> toLeader((writer, fault, lasting) -> writers.get(writer).kill(lasting));
      case KILL_LEADER_STARTING ->
          toLeader((writer, fault, lasting) -> writers.get(writer).killStarting(starting(fault)));
      case STOP_LEADER -> toLeader((writer, fault, lasting) -> writers.get(writer).pause(lasting));
      case HAND_OVER ->
          toLeader((writer, fault, lasting) -> writers.get(writer).terminate(lasting));
      case WIPE_DISK ->
          toLeader(
              (writer, fault, lasting) ->
                  writers.get(writer).wipe(box.writerData(writer), lasting));
      case ROLLING_RESTART -> this::restartEach;
      case KILL_TWO ->
          toLeader(
              (writer, fault, lasting) ->
                  writers.get(writer).kill(() -> killNext(writer, fault, lasting)));
      case STOP_AND_KILL ->
          toLeader(
              (writer, fault, lasting) ->
                  writers.get(writer).pause(() -> killNext(writer, fault, lasting)));
      case PART_WRITERS ->
          toLeader(
              (writer, fault, lasting) ->
                  cut(network.between(writer, other(writer, fault)), fault, lasting));
      case PART_ONE_WAY ->
          toLeader(
              (writer, fault, lasting) ->
                  cut(network.from(writer, other(writer, fault)), fault, lasting));
      case PART_LEADER ->
          toLeader(
              (writer, fault, lasting) ->
                  cut(network.between(writer, allBut(writer, writers.size())), fault, lasting));
      case ISOLATE_LEADER ->
          toLeader(
              (writer, fault, lasting) ->
                  cut(network.between(writer, allBut(writer, writers.size() + 1)), fault, lasting));
      case PART_ACCEPTOR ->
          toLeader(
              (writer, fault, lasting) ->
                  cut(network.from(writers.size(), writer), fault, lasting));
      case PART_CATALOG ->
          toLeader(
              (writer, fault, lasting) ->
                  switches
                      .get(writer)
                      .during(
                          fault.draw() % 2 == 0 ? Switch.CATALOG_HANGS : Switch.CATALOG_FAILS,
                          0,
                          lasting));
      default -> throw new IllegalArgumentException("cannot do to a cluster: " + kind);
    };
  }

  /** The ledger of a life that ends is read before its end. */
  private Fault afterLedger(Fault fault) {
    return (planned, lasting) -> {
      ledgers.checkAcceptor("before " + planned.kind());
      fault.strike(planned, lasting);
    };
  }

  private static Duration starting(PlannedFault fault) {
    return Duration.ofMillis(fault.draw(100, STARTING_MILLIS));
  }

  /** What is done to one Writer. */
  private interface OnWriter {
    void strike(int writer, PlannedFault fault, Fault.Lasting lasting) throws Exception;
  }

  /** Of a log that is drawn; if nobody says that he leads it, of any Writer. */
  private Fault toLeader(OnWriter what) {
    return (fault, lasting) -> {
      int log = fault.draw() % box.logs();
      int writer = view.leader(log).orElse(fault.draw() % writers.size());
      this.log.say("it is %s, for log %d".formatted(ClusterBox.name(writer), log));
      ledgers.checkWriter(writer, "before " + fault.kind());
      what.strike(writer, fault, lasting);
    };
  }

  /** The one that leads now, or any other. */
  private void killNext(int gone, PlannedFault fault, Fault.Lasting lasting)
      throws IOException, InterruptedException {
    int log = fault.draw() % box.logs();
    int next = view.awaitOther(log, gone, OTHER_LEADS_MILLIS).orElse(other(gone, fault));
    this.log.say("and now %s".formatted(ClusterBox.name(next)));
    writers.get(next).kill(lasting);
  }

  /** The next one only if all is well without the one before. */
  private void restartEach(PlannedFault fault, Fault.Lasting lasting) throws Exception {
    for (KeptService writer : writers) {
      writer.terminate(lasting);
      if (!isMadeGood(fault.kind(), lasting)) {
        return;
      }
    }
  }

  private void cut(List<Link> links, PlannedFault fault, Fault.Lasting lasting)
      throws IOException, InterruptedException {
    Mode mode = MODES.get(fault.draw() / writers.size() % MODES.size());
    this.log.say("they %s".formatted(mode));
    Link.during(links, mode, 0, lasting);
  }

  private int other(int writer, PlannedFault fault) {
    return (writer + 1 + fault.draw() / 7 % (writers.size() - 1)) % writers.size();
  }

  private static Collection<Integer> allBut(int writer, int places) {
    return IntStream.range(0, places).filter(place -> place != writer).boxed().toList();
  }

  /** At one of the Writers, or at all of them. */
  private Fault switched(Switch kind) {
    return (fault, lasting) -> {
      int drawn = fault.draw() % (switches.size() + 1);
      List<SwitchFile> those = drawn == switches.size() ? switches : List.of(switches.get(drawn));
      SwitchFile.during(those, kind, 0, lasting);
    };
  }

  private Fault madeGood(Fault fault) {
    return (planned, lasting) -> {
      fault.strike(planned, lasting);
      log.say(isMadeGood(planned.kind(), lasting) ? "all is as before" : "not all is as before");
    };
  }

  /**
   * Waits until all Writers are there, each log has a leader, and its copies have what it had; or
   * the run is stopped.
   *
   * @return whether it has come to that: if not, that is noted
   */
  private boolean isMadeGood(FaultKind after, Fault.Lasting lasting) throws InterruptedException {
    long end = System.nanoTime() + RECOVERY_MILLIS * 1_000_000;
    ClusterView.Recovery recovery = view.new Recovery();
    String lacking = recovery.lacking();
    while (!lacking.isEmpty() && System.nanoTime() - end < 0 && !lasting.isStopped()) {
      Thread.sleep(POLL_MILLIS);
      lacking = recovery.lacking();
    }
    if (!lacking.isEmpty() && !lasting.isStopped()) {
      log.found("%d s after %s: %s".formatted(RECOVERY_MILLIS / 1000, after, lacking));
    }
    return lacking.isEmpty();
  }

  @Override
  public List<KeptService> services() {
    List<KeptService> all = new ArrayList<>(writers);
    all.add(acceptor);
    return all;
  }
}
