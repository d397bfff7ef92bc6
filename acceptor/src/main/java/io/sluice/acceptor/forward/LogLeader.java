package io.sluice.acceptor.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.opentelemetry.api.common.Attributes;
import io.sluice.acceptor.route.Claim;
import io.sluice.acceptor.route.Lead;
import io.sluice.acceptor.route.LeaderSearch;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Telemetry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Who leads one log: what one of its streams learns, all of them follow. Safe for any thread. */
final class LogLeader {

  private static final Logger LOG = LoggerFactory.getLogger(LogLeader.class);
  private static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int log;
  private final Links links;
  private final LongSupplier nanoClock;
  private final Runnable ask;
  private final LongAdder followedAnswers;
  private final LongAdder followedClaims;
  private final LongAdder turns;
  private final List<Runnable> followers = new CopyOnWriteArrayList<>();

  @GuardedBy("this")
  private final LeaderSearch search;

  @GuardedBy("this")
  private long wantedNanos;

  private volatile Lead lead;

  /**
   * Guesses the first.
   *
   * @param writers in the order in which to try them
   * @param ask asks the Writers soon, and again while this {@link #asks}
   */
  LogLeader(
      int log,
      List<HostPort> writers,
      Links links,
      Telemetry telemetry,
      LongSupplier nanoClock,
      Runnable ask) {
    this.log = log;
    this.links = links;
    this.nanoClock = nanoClock;
    this.ask = ask;
    this.followedAnswers = changes(telemetry, log, "answer");
    this.followedClaims = changes(telemetry, log, "asked");
    this.turns = changes(telemetry, log, "turn");
    this.search = new LeaderSearch(writers, nanoClock.getAsLong(), links::reachable);
    this.lead = search.lead();
  }

  /** Runs this after each change of the lead; it must be short. */
  void follow(Runnable moved) {
    followers.add(moved);
  }

  Lead lead() {
    return lead;
  }

  boolean isPresent(Lead other) {
    return lead.number() == other.number();
  }

  /** True if this is the lead, and has taken something. */
  synchronized boolean proven(Lead by) {
    return isPresent(by) && search.proven();
  }

  /** True if there is another Writer that might lead. */
  boolean hasOthers() {
    return links.several();
  }

  synchronized void heard(Lead by) {
    search.heard(by);
  }

  /** The Writer does not lead this log; its text names who does, or nobody. */
  void notLeading(Lead by, String text) {
    HostPort named = LogsAction.address(text);
    boolean moved;
    synchronized (this) {
      moved = search.notLeading(by, named, nanoClock.getAsLong());
      lead = search.lead();
      if (moved) {
        count(lead.writer().equals(named) ? followedAnswers : turns);
      }
    }
    told(moved);
  }

  /** The connection to it is lost, or cannot be had. */
  void lost(Lead by) {
    boolean moved;
    synchronized (this) {
      moved = search.lost(by, nanoClock.getAsLong());
      lead = search.lead();
      if (moved) {
        count(turns);
      }
    }
    told(moved);
  }

  /** It does not answer, or can take nothing. */
  void doubt(Lead by) {
    synchronized (this) {
      search.doubt(by);
    }
    told(false);
  }

  /** A Writer was asked, and said so. */
  void claimed(Claim claim) {
    boolean moved;
    synchronized (this) {
      moved = search.claimed(claim.leader(), claim.term(), nanoClock.getAsLong());
      lead = search.lead();
      if (moved) {
        count(followedClaims);
      }
    }
    if (moved) {
      told(true);
    }
  }

  /** Somebody still waits for a leader. */
  synchronized void wanted() {
    wantedNanos = nanoClock.getAsLong();
  }

  /** True while the Writers are to be asked: there are doubts, and somebody waits. */
  synchronized boolean asks() {
    return search.doubted() && nanoClock.getAsLong() - wantedNanos < WANTED_NANOS;
  }

  private void told(boolean moved) {
    if (moved) {
      followers.forEach(Runnable::run);
    }
    wanted();
    if (asks() && hasOthers()) {
      ask.run();
    }
  }

  /** Turns are many while nobody can be reached; an operator wants to know of the others. */
  private void count(LongAdder by) {
    by.increment();
    LOG.atLevel(by == turns ? Level.DEBUG : Level.INFO)
        .log("log {}: messages go to the Writer at {}", log, lead.writer());
  }

  private static LongAdder changes(Telemetry telemetry, int log, String by) {
    return telemetry.counter(
        "sluice.forward.leader.changes",
        Attributes.builder().put("log", log).put("by", by).build());
  }
}
