package io.sluice.acceptor;

import io.sluice.acceptor.forward.Forwarder;
import io.sluice.acceptor.forward.KnownWriter;
import io.sluice.acceptor.receive.PageFigures;
import io.sluice.acceptor.receive.RequestHandler;
import io.sluice.schema.page.History;
import io.sluice.schema.page.PageContent;
import io.sluice.schema.page.PageDocument.Budget;
import io.sluice.schema.page.PageDocument.Fault;
import io.sluice.schema.page.PageDocument.Flow;
import io.sluice.schema.page.PageDocument.Level;
import io.sluice.schema.table.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/** What the Acceptor's status page shows. */
final class AcceptorPage implements PageContent.Source {

  private static final int MOST_LINES = 100;
  private static final long NEVER_FULL = -1;

  /**
   * What the Acceptor alone has.
   *
   * @param requests not yet answered
   */
  record Details(long requests, List<KnownWriter> writers, List<PageFigures.Line> received) {}

  private final AcceptorSettings settings;
  private final RequestHandler handler;
  private final PageFigures figures;
  private final Forwarder forwarder;
  private final BufferAllocator allocator;

  AcceptorPage(
      AcceptorSettings settings,
      RequestHandler handler,
      Forwarder forwarder,
      BufferAllocator allocator) {
    this.settings = settings;
    this.handler = handler;
    this.figures = handler.figures();
    this.forwarder = forwarder;
    this.allocator = allocator;
  }

  /** The numbers that it has of each second. */
  History history() {
    History history = new History();
    for (Signal signal : Signal.values()) {
      history.rate(in(signal), () -> figures.received(signal));
      history.rate(out(signal), () -> figures.taken(signal));
    }
    history.delay("ack", "request received to stored and answered", figures.acks());
    history.level("requests", handler::bytesInFlight);
    history.level("columns", allocator::getAllocatedMemory);
    return history;
  }

  @Override
  public PageContent look() {
    List<KnownWriter> writers = forwarder.writers();
    return new PageContent(
        faults(writers),
        flows(),
        budgets(),
        figures.refusals(),
        new Details(handler.inFlight(), writers, figures.ledger(MOST_LINES)));
  }

  private List<Flow> flows() {
    List<Flow> flows = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      flows.add(
          new Flow(
              name(signal),
              in(signal),
              out(signal),
              figures.received(signal),
              figures.taken(signal)));
    }
    return flows;
  }

  private List<Budget> budgets() {
    return List.of(
        new Budget(
            "requests in memory",
            handler.bytesInFlight(),
            settings.receive().maxBytesInFlight(),
            "requests",
            NEVER_FULL,
            "otlp.max-in-flight"),
        new Budget(
            "columns, off the heap",
            allocator.getAllocatedMemory(),
            settings.memory().bytes(),
            "columns",
            NEVER_FULL,
            "acceptor.memory"));
  }

  private List<Fault> faults(List<KnownWriter> writers) {
    List<Fault> faults = new ArrayList<>();
    List<KnownWriter> away = writers.stream().filter(writer -> !writer.connected()).toList();
    if (away.size() == writers.size()) {
      faults.add(
          new Fault(
              Level.BAD,
              "no Writer can be reached: " + addresses(away),
              "Start it, or look at its log; clients are told to come again, and keep their records."));
    } else if (!away.isEmpty()) {
      faults.add(
          new Fault(
              Level.WARN,
              "cannot reach " + addresses(away),
              "Start it again; others take its logs over if these have copies."));
    }
    String waits = figures.waits();
    if (waits != null) {
      faults.add(
          new Fault(
              Level.WARN,
              "clients are told to come again: " + waits,
              "Exporters do so by themselves. If it lasts, see the Writer's status page."));
    }
    return faults;
  }

  private static String addresses(List<KnownWriter> writers) {
    return writers.stream().map(KnownWriter::address).collect(Collectors.joining(", "));
  }

  private static String in(Signal signal) {
    return name(signal) + ".in";
  }

  private static String out(Signal signal) {
    return name(signal) + ".out";
  }

  private static String name(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }
}
