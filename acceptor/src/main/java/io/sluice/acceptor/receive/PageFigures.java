package io.sluice.acceptor.receive;

import io.sluice.schema.page.Latency;
import io.sluice.schema.page.PageDocument.Refusal;
import io.sluice.schema.page.PageDocument.Refusals;
import io.sluice.schema.page.Recent;
import io.sluice.schema.table.Signal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the status page shows of requests and their records. Safe for any thread. */
public final class PageFigures {

  /**
   * The ledger of a signal of a tenant: received = taken + rejected + empty + refused + inFlight.
   */
  public record Line(
      String tenant,
      String signal,
      long received,
      long taken,
      long rejected,
      long empty,
      long refused,
      long inFlight) {}

  /** So long ago at most is lately. */
  private static final long LATELY_MILLIS = 30_000;

  private static final int MOST_REASON_IN_KEY = 60;

  private record Key(String door, String tenant, String what, String reason) {}

  private final Supplier<List<SignalRecords>> records;
  private final InstantSource clock;
  private final Latency acks = new Latency();
  private final Recent<Refusal> refusals;
  private volatile @Nullable Waiting waiting;

  /** Clients were told to come again. */
  private record Waiting(long millis, String why) {}

  PageFigures(Supplier<List<SignalRecords>> records, InstantSource clock) {
    this.records = records;
    this.clock = clock;
    this.refusals = new Recent<>(clock);
  }

  void ended(Came came, Outcome outcome, long nanos) {
    if (outcome instanceof Outcome.Stored) {
      acks.note(nanos);
    } else {
      refused(came, outcome);
    }
  }

  void refused(Came came, Outcome outcome) {
    String why = why(outcome);
    if (outcome instanceof Outcome.Overloaded || outcome instanceof Outcome.Unavailable) {
      waiting = new Waiting(clock.millis(), why);
    }
    add(came.door(), came.tenant(), name(came.signal()), why);
  }

  /**
   * @param of the signal's name; empty if that is not known
   */
  void refused(Came.Door door, String of, Ledger.Head why) {
    add(door, "", of, sentence(why));
  }

  private void add(Came.Door door, String tenant, String what, String reason) {
    String like = reason.substring(0, Math.min(reason.length(), MOST_REASON_IN_KEY));
    refusals.add(
        new Key(door.label(), tenant, what, like), new Refusal(door.label(), tenant, what, reason));
  }

  private static String why(Outcome outcome) {
    if (outcome instanceof Outcome.Malformed malformed) {
      return malformed.where() + ": " + malformed.why();
    } else if (outcome instanceof Outcome.TooLarge large) {
      return large.why();
    } else if (outcome instanceof Outcome.Denied denied) {
      return denied.why();
    } else if (outcome instanceof Outcome.Overloaded overloaded) {
      return overloaded.why();
    } else if (outcome instanceof Outcome.Unavailable unavailable) {
      return unavailable.why();
    }
    return ((Outcome.Stored) outcome).why();
  }

  private static String sentence(Ledger.Head why) {
    return switch (why) {
      case WRONG_PATH -> "no such path (OTLP is at /v1/traces, /v1/logs, /v1/metrics)";
      case WRONG_METHOD -> "not a POST";
      case WRONG_TYPE -> "a Content-Type that is not OTLP's";
      case WRONG_ENCODING -> "an encoding that is not known";
      case WRONG_HTTP -> "no HTTP, or not to its end";
      case WRONG_ORIGIN -> "a page of another origin";
    };
  }

  private static String name(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }

  /** Why clients were told to come again lately; null if none were. */
  public @Nullable String waits() {
    Waiting last = waiting;
    return last == null || clock.millis() - last.millis > LATELY_MILLIS ? null : last.why;
  }

  /** From the last byte of a request that was stored to its answer. */
  public Latency acks() {
    return acks;
  }

  /** The last ones. */
  public Refusals refusals() {
    return new Refusals(refusals.total(), refusals.newestFirst());
  }

  /** Decoded records of a signal, of all tenants. */
  public long received(Signal signal) {
    return sums(signal).mapToLong(SignalRecords.Sums::received).sum();
  }

  /** Acknowledged records of a signal, of all tenants. */
  public long taken(Signal signal) {
    return sums(signal).mapToLong(SignalRecords.Sums::taken).sum();
  }

  private Stream<SignalRecords.Sums> sums(Signal signal) {
    return records.get().stream().filter(each -> each.signal() == signal).map(SignalRecords::sums);
  }

  /**
   * What anything came of, of those of which most came, in the order of their names.
   *
   * @param most lines
   */
  public List<Line> ledger(int most) {
    List<Line> lines = new ArrayList<>();
    for (SignalRecords each : records.get()) {
      SignalRecords.Sums sums = each.sums();
      if (sums.received() > 0) {
        lines.add(
            new Line(
                each.tenant(),
                name(each.signal()),
                sums.received(),
                sums.taken(),
                sums.rejected(),
                sums.empty(),
                sums.refused(),
                sums.inFlight()));
      }
    }
    lines.sort(Comparator.comparingLong(Line::received).reversed());
    return lines.stream()
        .limit(most)
        .sorted(Comparator.comparing(Line::tenant).thenComparing(Line::signal))
        .toList();
  }
}
