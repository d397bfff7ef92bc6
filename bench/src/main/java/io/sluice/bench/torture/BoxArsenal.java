package io.sluice.bench.torture;

import io.sluice.bench.torture.Link.Mode;
import io.sluice.bench.torture.writer.Switches.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How each kind of fault is done to a Writer and an Acceptor.
 *
 * @param disk null = there is none, and {@link FaultKind#DISK_FULL} is not run
 * @param foreign used by the thread of its track alone
 */
record BoxArsenal(
    KeptService writer,
    KeptService acceptor,
    Link link,
    SwitchFile switches,
    Warehouse warehouse,
    @Nullable SmallDisk disk,
    CatalogLock catalog,
    ForeignCommits foreign,
    LedgerChecks ledgers)
    implements Arsenal {

  private static final int STARTING_MILLIS = 4_000;

  @Override
  public Fault of(FaultKind kind) {
    return switch (kind) {
      case KILL_WRITER -> afterWriterLedger((fault, lasting) -> writer.kill(lasting));
      case KILL_WRITER_STARTING ->
          afterWriterLedger((fault, lasting) -> writer.killStarting(starting(fault)));
      case TERM_WRITER -> afterWriterLedger((fault, lasting) -> writer.terminate(lasting));
      case STOP_WRITER -> (fault, lasting) -> writer.pause(lasting);
      case KILL_ACCEPTOR -> afterAcceptorLedger((fault, lasting) -> acceptor.kill(lasting));
      case KILL_ACCEPTOR_STARTING ->
          afterAcceptorLedger((fault, lasting) -> acceptor.killStarting(starting(fault)));
      case TERM_ACCEPTOR -> afterAcceptorLedger((fault, lasting) -> acceptor.terminate(lasting));
      case STOP_ACCEPTOR -> (fault, lasting) -> acceptor.pause(lasting);
      case LINK_REFUSED -> (fault, lasting) -> link.refuse(lasting);
      case LINK_RESET -> (fault, lasting) -> link.reset();
      case LINK_STALLED -> (fault, lasting) -> link.during(Mode.STALL, 0, lasting);
      case LINK_DELAYED ->
          (fault, lasting) -> link.during(Mode.DELAY, fault.draw(20, 1_000), lasting);
      case LINK_HALF_OPEN -> (fault, lasting) -> link.during(Mode.HALF_OPEN, 0, lasting);
      case SLOW_FORCE ->
          (fault, lasting) -> switches.during(Switch.SLOW_FORCE, fault.draw(100, 1_500), lasting);
      case LOG_FAILS -> switched(Switch.LOG_FAILS);
      case LOG_FULL -> switched(Switch.LOG_FULL);
      case DISK_FULL -> (fault, lasting) -> Objects.requireNonNull(disk).full(lasting);
      case STORE_GONE -> (fault, lasting) -> warehouse.gone(lasting);
      case STORE_RESET -> (fault, lasting) -> warehouse.resets(lasting);
      case STORE_FAILS -> switched(Switch.STORE_FAILS);
      case STORE_HANGS -> switched(Switch.STORE_HANGS);
      case CATALOG_LOCKED -> (fault, lasting) -> catalog.hold(lasting);
      case CATALOG_FAILS -> switched(Switch.CATALOG_FAILS);
      case CATALOG_HANGS -> switched(Switch.CATALOG_HANGS);
      case CATALOG_ANSWERS_LOST -> switched(Switch.CATALOG_ANSWERS_LOST);
      case FOREIGN_PROPERTY -> (fault, lasting) -> foreign.property(fault.draw());
      case FOREIGN_APPEND -> (fault, lasting) -> foreign.append();
      case FOREIGN_REWRITE -> (fault, lasting) -> foreign.rewrite();
      case FOREIGN_EXPIRE -> (fault, lasting) -> foreign.expire();
      default -> throw new IllegalArgumentException("cannot do to one box: " + kind);
    };
  }

  private Fault switched(Switch kind) {
    return (fault, lasting) -> switches.during(kind, 0, lasting);
  }

  /** The ledger of a life that ends is read before its end. */
  private Fault afterWriterLedger(Fault fault) {
    return (planned, lasting) -> {
      ledgers.checkWriter(0, "before " + planned.kind());
      fault.strike(planned, lasting);
    };
  }

  private Fault afterAcceptorLedger(Fault fault) {
    return (planned, lasting) -> {
      ledgers.checkAcceptor("before " + planned.kind());
      fault.strike(planned, lasting);
    };
  }

  private static Duration starting(PlannedFault fault) {
    return Duration.ofMillis(fault.draw(100, STARTING_MILLIS));
  }

  @Override
  public List<KeptService> services() {
    return List.of(writer, acceptor);
  }
}
