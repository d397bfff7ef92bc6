package io.sluice.query;

import io.sluice.query.ReadRefusedException.Reason;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.wire.ReadTicket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The reads of one table in all logs, each at the log's leader. Who leads is looked for again where
 * a leader is away or leads no more, until the time is over; what is pinned already stays so. One
 * thread uses it, once.
 */
final class LogReads {

  private static final Duration SHORTEST_OPEN = Duration.ofSeconds(1);

  /** So often another Writer can be turned to within the time. */
  private static final int OPENS = 3;

  private final Writers writers;
  private final BufferAllocator allocator;
  private final ReadTicket ticket;
  private final Schema schema;
  private final boolean allowPartial;
  private final Map<Integer, HotRows> opened = new TreeMap<>();
  private final Map<Integer, MissingLog> missing = new TreeMap<>();

  /** Why logs are not opened yet, by number. */
  private final Map<Integer, String> said = new TreeMap<>();

  private @Nullable ClusterLogs cluster;
  private @Nullable ReadException unknown;

  /**
   * @param ticket of the table, from the marks of its snapshot on
   * @param schema of the columns that the ticket names
   * @param allowPartial whether logs may be left out, or read where they are not led
   */
  LogReads(
      Writers writers,
      BufferAllocator allocator,
      ReadTicket ticket,
      Schema schema,
      boolean allowPartial) {
    this.writers = writers;
    this.allocator = allocator;
    this.ticket = ticket;
    this.schema = schema;
    this.allowPartial = allowPartial;
  }

  /**
   * Opens them: when it returns, all are pinned.
   *
   * @throws ReadRefusedException the snapshot is too old: all is to be begun anew
   * @throws ReadException a log cannot be read whole, and partial reads are not allowed
   */
  Opened open(Waiting waiting) throws ReadException, InterruptedException {
    try {
      Duration bound = waiting.time().dividedBy(OPENS);
      bound = bound.compareTo(SHORTEST_OPEN) < 0 ? SHORTEST_OPEN : bound;
      for (boolean first = true; !attempt(first, bound); first = false) {
        if (!waiting.pause()) {
          rest(waiting.time(), bound);
          break;
        }
      }
      return new Opened(List.copyOf(opened.values()), List.copyOf(missing.values()));
    } catch (ReadException | RuntimeException | InterruptedException e) {
      TableRead.close(opened.values(), e);
      throw e;
    }
  }

  /** Opens what can be opened now; true if nothing is left. */
  private boolean attempt(boolean first, Duration bound)
      throws ReadException, InterruptedException {
    try {
      cluster = first ? writers.logs() : writers.logsOfAll();
      unknown = null;
    } catch (ReadException e) {
      if (!e.passes() || writers.addresses().size() == 1) {
        return giveUp(e);
      }
      unknown = e;
      return false;
    }
    Map<LogPlace, FlightStream> started = new LinkedHashMap<>();
    for (ClusterLog log : cluster.logs()) {
      if (opened.containsKey(log.number()) || missing.containsKey(log.number())) {
        continue;
      }
      LogPlace place = cluster.place(log);
      if (place == null) {
        said.put(log.number(), cluster.unled(log));
      } else {
        started.put(place, writers.client(place.leader()).start(place.ticket(ticket)));
      }
    }
    boolean lone = writers.addresses().size() == 1 && cluster.isOfOne();
    await(started, lone ? writers.silence() : bound);
    return opened.size() + missing.size() == cluster.logs().size();
  }

  /** Takes all that was started, or closes it. */
  private void await(Map<LogPlace, FlightStream> started, Duration bound) throws ReadException {
    @Nullable ReadException failure = null;
    for (Map.Entry<LogPlace, FlightStream> each : started.entrySet()) {
      if (failure != null) {
        HotRows.close(each.getValue(), failure);
        continue;
      }
      try {
        take(each.getKey(), each.getValue(), bound);
      } catch (ReadException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void take(LogPlace log, FlightStream stream, Duration bound) throws ReadException {
    try {
      HotRows rows =
          HotRows.pinned(
              writers.client(log.leader()),
              log,
              log.ticket(ticket),
              stream,
              schema,
              allocator,
              bound);
      opened.put(log.number(), rows);
      String partial = rows.partial();
      if (partial != null) {
        partial(log, partial);
      }
    } catch (ReadException e) {
      if (e instanceof ReadRefusedException refused && refused.reason() == Reason.RELOAD) {
        throw e;
      }
      if (e.passes()) {
        said.put(log.number(), e.said());
      } else if (allowPartial) {
        missing.put(log.number(), new MissingLog(log.number(), log.id(), e.said()));
      } else {
        throw e;
      }
    }
  }

  private void partial(LogPlace log, String why) throws ReadException {
    String what = "Writer %s has not all of it: %s".formatted(log.leader(), why);
    if (!allowPartial) {
      throw new ReadException(
          "cannot read %s: %s (ask again)".formatted(log.of(ticket), what), null);
    }
    missing.put(log.number(), new MissingLog(log.number(), log.id(), what));
  }

  /** The time is over: logs that are not opened are read where they can be, or named. */
  private void rest(Duration time, Duration bound) throws ReadException {
    ClusterLogs known = cluster;
    if (known == null || !allowPartial) {
      String what = unknown == null ? unopened() : "all logs: " + unknown.said();
      giveUp(
          new ReadException(
              "cannot read table %s of tenant %s whole within %s: %s ('sluice status' shows Writers and logs: run it again later, or let it wait longer with read.wait)"
                  .formatted(ticket.table(), ticket.tenant(), time, what),
              unknown));
      return;
    }
    for (ClusterLog log : known.logs()) {
      if (!opened.containsKey(log.number()) && !missing.containsKey(log.number())) {
        fromReplica(known, log, bound);
      }
    }
  }

  private String unopened() {
    ClusterLogs known = cluster;
    if (known == null) {
      return "all logs";
    }
    return known.logs().stream()
        .filter(log -> !opened.containsKey(log.number()))
        .map(log -> log.name() + ": " + said.getOrDefault(log.number(), "not read"))
        .collect(Collectors.joining("; "));
  }

  /** What any replica has applied, from the one that has most. */
  private void fromReplica(ClusterLogs known, ClusterLog log, Duration bound) {
    String why = said.getOrDefault(log.number(), "not read");
    List<Map.Entry<HostPort, LogClaim>> holders = new ArrayList<>(log.holders().entrySet());
    holders.sort(Comparator.comparingLong(holder -> -holder.getValue().applied()));
    for (Map.Entry<HostPort, LogClaim> holder : holders) {
      LogPlace place =
          new LogPlace(
              log.number(), holder.getValue().id(), holder.getKey(), known.logs().size() == 1);
      ReadTicket partial = place.partialTicket(ticket);
      WriterClient writer = writers.client(place.leader());
      try {
        HotRows rows =
            HotRows.pinned(writer, place, partial, writer.start(partial), schema, allocator, bound);
        opened.put(log.number(), rows);
        if (rows.partial() == null) {
          return; // it leads by now
        }
        why =
            "%s; what Writer %s has up to position %d is in the answer: %s"
                .formatted(why, place.leader(), rows.position(), rows.partial());
        break;
      } catch (ReadException e) {
        why += "; " + e.said();
      }
    }
    missing.put(log.number(), new MissingLog(log.number(), log.id(), why));
  }

  /** Nothing more can be learnt; true if there is an answer in spite of it. */
  private boolean giveUp(ReadException why) throws ReadException {
    if (!allowPartial) {
      throw why;
    }
    missing.put(MissingLog.ALL, new MissingLog(MissingLog.ALL, null, why.said()));
    return true;
  }
}
