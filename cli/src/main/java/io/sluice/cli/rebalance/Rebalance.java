package io.sluice.cli.rebalance;

import io.sluice.query.ClusterLog;
import io.sluice.query.LogMember;
import io.sluice.query.LogMoves;
import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Placement;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Brings a cluster's logs to where they are placed, one log after the other. One thread. */
public final class Rebalance {

  /** Passes the time. */
  @FunctionalInterface
  public interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  private static final int COPIES = 3;
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

  private final Writers writers;
  private final LogMoves moves;
  private final List<String> zones;
  private final Set<Integer> without;
  private final Duration leaderWait;
  private final Duration patience;
  private final LongSupplier nanos;
  private final Pause pause;
  private final PrintWriter out;

  /**
   * @param zones of the Writers; empty if each is a zone of its own
   * @param without places of Writers that are to have nothing
   * @param leaderWait how long to look for leaders before it is said who is where
   * @param patience how long one step may take
   */
  public Rebalance(
      Writers writers,
      List<String> zones,
      Set<Integer> without,
      Duration leaderWait,
      Duration patience,
      LongSupplier nanos,
      Pause pause,
      PrintWriter out) {
    this.writers = writers;
    this.moves = new LogMoves(writers, patience);
    this.zones = List.copyOf(zones);
    this.without = Set.copyOf(without);
    this.leaderWait = leaderWait;
    this.patience = patience;
    this.nanos = nanos;
    this.pause = pause;
    this.out = out;
  }

  /**
   * Says what is to be done, and does it if it is to.
   *
   * @throws RebalanceException it could not be done in time, or is not to be: what and why
   * @throws ReadException nothing could be seen
   */
  public void run(boolean act) throws RebalanceException, ReadException, InterruptedException {
    Seen seen = begin();
    int logs = seen.cluster().logs().size();
    Placement placement = placement(logs);
    Plan plan = Plan.of(seen, placement, without.isEmpty());
    plan.print(out);
    if (!act || plan.isEmpty()) {
      if (!plan.isEmpty()) {
        out.println("nothing was changed (run it again with --yes to do it)");
      }
      out.flush();
      return;
    }
    for (int log = 0; log < logs; log++) {
      bring(log, placement.writers(log));
    }
    requireThere(Plan.of(begin(), placement, false));
    out.println("done");
    out.flush();
  }

  /** What was brought first may have been moved since. */
  private static void requireThere(Plan plan) throws RebalanceException {
    for (Plan.Line line : plan.lines()) {
      if (line.leader() != null && !(line.come().isEmpty() && line.go().isEmpty())) {
        throw contested(line.log(), line.then());
      }
    }
  }

  private static RebalanceException contested(int log, List<Integer> placed) {
    return new RebalanceException(
        "cannot bring log %d to %s: another rebalance moves it elsewhere (end that one, or let it end; then run this again)"
            .formatted(log, names(placed)));
  }

  private Placement placement(int logs) throws RebalanceException {
    int there = writers.addresses().size() - without.size();
    if (there < COPIES) {
      throw new RebalanceException(
          "cannot rebalance: %d copies of each log need as many Writers, and these are %d (add one first)"
              .formatted(COPIES, there));
    }
    return Placement.of(logs, writers.addresses().size(), zones, COPIES, without);
  }

  /** Waits until each log has a leader that answers, but not for ever. */
  private Seen begin() throws RebalanceException, ReadException, InterruptedException {
    long end = nanos.getAsLong() + leaderWait.toNanos();
    while (true) {
      try {
        Seen seen = look();
        if (seen.isLed() || nanos.getAsLong() - end >= 0) {
          return seen;
        }
      } catch (ReadException e) {
        if (nanos.getAsLong() - end >= 0) {
          throw e;
        }
      }
      pause.pause(PAUSE);
    }
  }

  private Seen look() throws RebalanceException, ReadException, InterruptedException {
    return Seen.of(writers.addresses(), writers.logsOfAll());
  }

  /** Step by step; each begins with a look, so that nothing is done by what was seen before. */
  private void bring(int log, List<Integer> placed)
      throws RebalanceException, InterruptedException {
    Contest contest = new Contest(placed);
    Object before = null;
    long since = nanos.getAsLong();
    long said = since;
    String why = "";
    while (true) {
      try {
        Seen seen = look();
        LogView view = seen.view(log);
        if (contest.isOn(view)) {
          throw contested(log, placed);
        }
        Step step = NextStep.of(view, placed, without.isEmpty());
        if (step instanceof Step.Done) {
          return;
        }
        List<Object> now = List.of(step, view.leader(), view.members());
        boolean isNew = !now.equals(before);
        if (isNew) {
          before = now;
          since = nanos.getAsLong();
          said = since;
        }
        if (step instanceof Step.Await awaits) {
          why = awaits.why();
        } else {
          if (isNew) {
            say(log, text(step));
          }
          act(seen, log, step);
          why = text(step) + ": that is not seen yet";
        }
      } catch (ReadException e) {
        why = String.valueOf(e.getMessage());
      }
      long now = nanos.getAsLong();
      if (now - since > patience.toNanos()) {
        throw new RebalanceException(
            "cannot bring log %d to %s within %s: %s (it can be run again at any time)"
                .formatted(log, names(placed), patience, why));
      }
      if (now - said > SAY_AGAIN.toNanos()) {
        said = now;
        say(log, "waits: " + why);
      }
      pause.pause(PAUSE);
    }
  }

  private void act(Seen seen, int number, Step step) throws ReadException, InterruptedException {
    ClusterLog log = seen.log(number);
    HostPort leader = Objects.requireNonNull(log.leader());
    List<LogMember> members = seen.members(number);
    if (step instanceof Step.Adopt adopts) {
      moves.adopt(writers.addresses().get(adopts.writer()), log);
    } else if (step instanceof Step.Add adds) {
      List<LogMember> more = new ArrayList<>(members);
      more.add(Objects.requireNonNull(seen.selves().get(adds.writer())));
      moves.adopt(writers.addresses().get(adds.writer()), log); // it must not leave meanwhile
      moves.members(leader, log, members, more);
    } else if (step instanceof Step.Remove removes) {
      List<LogMember> less =
          members.stream().filter(member -> Seen.place(member) != removes.writer()).toList();
      moves.members(leader, log, members, less);
    } else if (step instanceof Step.Lead leads) {
      for (LogMember member : members) {
        if (Seen.place(member) == leads.writer()) {
          moves.lead(leader, log, member);
        }
      }
    }
  }

  private void say(int log, String what) {
    out.printf("log %d: %s%n", log, what);
    out.flush();
  }

  private static String text(Step step) {
    if (step instanceof Step.Adopt adopts) {
      return NextStep.name(adopts.writer()) + " gets ready";
    }
    if (step instanceof Step.Add adds) {
      return NextStep.name(adds.writer()) + " gets a copy";
    }
    if (step instanceof Step.Remove removes) {
      return NextStep.name(removes.writer()) + " goes";
    }
    return step instanceof Step.Lead leads ? NextStep.name(leads.writer()) + " is to lead" : "";
  }

  static String names(List<Integer> placed) {
    return placed.stream().map(NextStep::name).collect(Collectors.joining(", "));
  }
}
