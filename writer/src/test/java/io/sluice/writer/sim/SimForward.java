package io.sluice.writer.sim;

import io.sluice.acceptor.route.Lead;
import io.sluice.acceptor.route.LeaderSearch;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.wal.Leadership;
import io.sluice.writer.sim.SimAcceptor.Waiting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one log at an Acceptor: who leads it is found by {@link LeaderSearch}; what has no
 * answer, or another one than "stored", is sent again.
 */
final class SimForward {

  private static final int TICK = 50_000;
  private static final int IDLE_TICK = 400_000;
  private static final long DOUBT = 700_000;
  private static final long SILENCE = 2 * Plan.SECOND;
  private static final int MOST_FLYING = 3;
  private static final int MOST_BATCHES = 3;
  private static final long HALF_HOUR = 1_800 * Plan.SECOND;

  private final SimAcceptor acceptor;
  private final World world;
  private final int log;
  private final LeaderSearch search;
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Long, Flight> flying = new TreeMap<>();

  /** Also those that were sent again: their answers may come. */
  private final Map<Long, Flight> all = new HashMap<>();

  private final Map<SimProcess, Map<Integer, PutCall<?>>> calls = new IdentityHashMap<>();
  private long sequences;
  private long pausedUntil;

  /** A message on its way. */
  private record Flight(Lead lead, SimProcess to, List<Waiting> batches, long sentAt) {}

  SimForward(SimAcceptor acceptor, int log, LeaderSearch search) {
    this.acceptor = acceptor;
    this.world = acceptor.world;
    this.log = log;
    this.search = search;
  }

  void begin() {
    int tick = isIdle() ? IDLE_TICK : TICK;
    world.agenda.in(
        tick / 2 + world.below(tick),
        () -> {
          look();
          ask();
          pump();
          begin();
        });
  }

  void add(Waiting batch) {
    waiting.add(batch);
    world.agenda.in(world.around(1_000), this::pump);
  }

  boolean isIdle() {
    waiting.removeIf(batch -> batch.request().isOver());
    return waiting.isEmpty() && flying.isEmpty();
  }

  private void pump() {
    waiting.removeIf(batch -> batch.request().isOver());
    int most = search.proven() ? MOST_FLYING : 1;
    while (!waiting.isEmpty()
        && flying.size() < most
        && world.now() >= pausedUntil
        && world.nanos() >= search.lead().notBeforeNanos()) {
      Lead lead = search.lead();
      int writer = acceptor.writers.writer(lead.writer());
      SimProcess process = acceptor.writers.process(writer);
      if (process == null || !acceptor.writers.reaches(acceptor.client, writer)) {
        search.lost(lead, world.nanos());
        return;
      }
      send(lead, process, gather());
    }
  }

  /** Of one table, a few of those that wait. */
  private List<Waiting> gather() {
    List<Waiting> some = new ArrayList<>();
    int table = waiting.get(0).batch().table();
    int most = 1 + world.below(MOST_BATCHES);
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext() && some.size() < most; ) {
      Waiting next = all.next();
      if (next.batch().table() == table) {
        some.add(next);
        all.remove();
      }
    }
    return some;
  }

  private void send(Lead lead, SimProcess process, List<Waiting> batches) {
    long sequence = ++sequences;
    Flight flight = new Flight(lead, process, batches, world.now());
    flying.put(sequence, flight);
    all.put(sequence, flight);
    List<Sent> sent = batches.stream().map(Waiting::batch).toList();
    long received = Messages.FIRST_MICROS + (world.below(3) - 1) * HALF_HOUR;
    long salt = world.has(Flaw.NO_DEDUP) ? world.random.nextLong() : 0;
    byte[] message = Messages.of(sequence, sent, received, salt);
    long late = world.hits(Fault.LATE_MESSAGE) ? world.between(100_000, 3 * Plan.SECOND) : 0;
    world.tally.add("messages sent");
    world.note(
        "acceptor %d sends writer-%d message %d of log %d: batches %s",
        acceptor.client, process.writer, sequence, log, sent.stream().map(Sent::number).toList());
    world.agenda.in(world.around(2_000) + late, process, () -> arrive(flight, sequence, message));
    if (world.hits(Fault.LOST_STREAM)) {
      world.agenda.in(world.around(300_000), () -> lost(sequence));
    }
  }

  /** At the Writer. */
  private void arrive(Flight flight, long sequence, byte[] message) {
    List<Sent> sent = flight.batches.stream().map(Waiting::batch).toList();
    if (world.has(Flaw.REPEAT_BEFORE_APPEND) && !flight.to.appends(log, sent)) {
      answered(flight.to, PutAnswer.done(sequence, Collections.nCopies(sent.size(), true)));
      return;
    }
    call(flight.to, sent.get(0).table()).send(message);
  }

  private PutCall<?> call(SimProcess process, int table) {
    return calls
        .computeIfAbsent(process, p -> new TreeMap<>())
        .computeIfAbsent(
            table,
            t ->
                PutCall.open(
                    process.intake,
                    Messages.head(log, SimTables.KEYS.get(t).tenant()),
                    answer -> answered(process, answer)));
  }

  /** By the Writer, just now. */
  private void answered(SimProcess process, PutAnswer answer) {
    if (process.isGone()) {
      return; // killed meanwhile
    }
    Flight flight = all.get(answer.sequence());
    if (answer.status() == PutAnswer.Status.DONE) {
      flight.batches.forEach(batch -> acceptor.writers.truth().stored(batch.batch()));
    }
    if (!world.hits(Fault.LOST_ANSWER)) {
      world.agenda.in(world.around(2_000), () -> told(answer));
    }
  }

  private void told(PutAnswer answer) {
    Flight flight = flying.remove(answer.sequence());
    if (flight == null) {
      return; // it was sent again meanwhile
    }
    switch (answer.status()) {
      case DONE -> {
        search.heard(flight.lead);
        flight.batches.forEach(batch -> batch.request().stored(batch.batch()));
      }
      case NOT_LEADER -> {
        HostPort named = answer.text().isEmpty() ? null : HostPort.parse(answer.text());
        search.notLeading(flight.lead, named, world.nanos());
        waiting.addAll(flight.batches);
      }
      case REFUSED -> {
        search.doubt(flight.lead);
        pausedUntil = world.now() + Math.min(300, answer.retryAfterMillis()) * 1_000L;
        waiting.addAll(flight.batches);
      }
      case MALFORMED -> throw new Violation("a message was called malformed: %s", answer.text());
    }
    pump();
  }

  /** Its stream is: the message may have arrived. */
  private void lost(long sequence) {
    Flight flight = flying.remove(sequence);
    if (flight != null) {
      search.lost(flight.lead, world.nanos());
      waiting.addAll(flight.batches);
    }
  }

  /** What is on its way to a Writer that is gone, or says nothing, is sent again. */
  private void look() {
    for (Map.Entry<Long, Flight> each : List.copyOf(flying.entrySet())) {
      Flight flight = each.getValue();
      boolean isLost =
          flight.to.isGone()
              || !acceptor.writers.reaches(acceptor.client, flight.to.writer)
              || world.now() - flight.sentAt > SILENCE;
      if (isLost) {
        lost(each.getKey());
      } else if (world.now() - flight.sentAt > DOUBT) {
        search.doubt(flight.lead);
      } else if (flight.lead.number() != search.lead().number()) { // another leads
        flying.remove(each.getKey());
        waiting.addAll(flight.batches);
      }
    }
    calls.keySet().removeIf(SimProcess::isGone);
  }

  /** Who leads, of those that can be reached. */
  private void ask() {
    if (!search.doubted()) {
      return;
    }
    for (int replica = 0; replica < acceptor.writers.holders(log).size(); replica++) {
      @Nullable Hosting hosting = acceptor.writers.hosting(log, replica);
      int writer = acceptor.writers.holders(log).get(replica);
      if (hosting == null || !acceptor.writers.reaches(acceptor.client, writer)) {
        continue;
      }
      HostPort asked = acceptor.writers.addresses().get(writer);
      world.agenda.in(
          world.around(3_000), acceptor.writers.process(writer), () -> claim(hosting, asked));
    }
  }

  private void claim(Hosting hosting, HostPort asked) {
    Leadership known = hosting.log.leadership();
    HostPort leader =
        known.leads() ? asked : known.leader() == null ? null : HostPort.parse(known.leader());
    if (leader != null) {
      world.agenda.in(
          world.around(3_000), () -> search.claimed(leader, known.term(), world.nanos()));
    }
  }
}
