package io.sluice.acceptor.route;

import io.sluice.schema.service.HostPort;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which Writer to send the messages of one log to, by what came of those before. Pure: it knows no
 * clock and no network, and belongs to one thread at a time. Whatever is told of a lead that is not
 * the present one is old news, and changes nothing.
 *
 * <pre>
 * who does not lead names another   there at once, unless it was tried since anybody took anything
 * who does not lead names nobody,   the next in turn that can be reached, after a step; when all
 * or is lost                        were tried, after a longer one: two that point at each other
 *                                   cost no more than anybody
 * who is doubted                    stays until a claim of no older term names another
 * </pre>
 */
public final class LeaderSearch {

  /** For those who are asked meanwhile to answer: they know better than the turn. */
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MOST_DOUBLINGS = 3;

  private final List<HostPort> writers;
  private final Predicate<HostPort> reachable;
  private final Set<HostPort> tried = new HashSet<>();
  private Lead lead;
  private long term = -1;
  private int rounds;
  private boolean proven;
  private boolean doubted;

  /**
   * Takes the first for the leader until it is told better; where it is the only one, for good.
   *
   * @param writers in the order in which to try them
   * @param reachable whether there is a connection to a Writer now
   */
  public LeaderSearch(List<HostPort> writers, long nowNanos, Predicate<HostPort> reachable) {
    this.writers = List.copyOf(writers);
    this.reachable = reachable;
    this.lead = new Lead(writers.get(0), 0, nowNanos);
    this.proven = writers.size() == 1;
  }

  public Lead lead() {
    return lead;
  }

  /** True if it has taken something: until then it is worth one message at a time. */
  public boolean proven() {
    return proven;
  }

  /** True while the Writers are to be asked who leads. */
  public boolean doubted() {
    return doubted;
  }

  /** It answered as a leader does. */
  public void heard(Lead by) {
    if (isPresent(by)) {
      proven = true;
      doubted = false;
      tried.clear();
      rounds = 0;
    }
  }

  /**
   * It answered that it does not lead.
   *
   * @param named who does, if it knows
   * @return true if the lead is another now
   */
  public boolean notLeading(Lead by, @Nullable HostPort named, long nowNanos) {
    if (!isPresent(by)) {
      return false;
    }
    tried.add(lead.writer());
    if (named != null && !tried.contains(named)) {
      doubted |= !reachable.test(named);
      move(named, nowNanos);
    } else {
      turn(nowNanos);
    }
    return true;
  }

  /** Its connection is lost, or there never was one; true if the lead is another now. */
  public boolean lost(Lead by, long nowNanos) {
    if (!isPresent(by)) {
      return false;
    }
    tried.add(lead.writer());
    turn(nowNanos);
    return true;
  }

  /** It does not answer, or answers that it can do nothing: perhaps another leads by now. */
  public void doubt(Lead by) {
    doubted |= isPresent(by);
  }

  /**
   * A Writer was asked. Who has not noticed yet that a leader is gone still names it: that is worth
   * a try once, and again only when there is a connection to it.
   *
   * @return true if the lead is another now
   */
  public boolean claimed(HostPort leader, long term, long nowNanos) {
    if (term < this.term) {
      return false;
    }
    boolean news = term > this.term;
    this.term = term;
    if (!doubted || leader.equals(lead.writer()) || !(news || reachable.test(leader))) {
      return false;
    }
    move(leader, nowNanos);
    return true;
  }

  private boolean isPresent(Lead by) {
    return by.number() == lead.number();
  }

  private void turn(long nowNanos) {
    doubted = true;
    HostPort next = next(false);
    long wait = STEP_NANOS;
    if (next == null) {
      tried.clear();
      wait = Math.min(LONGEST_NANOS, STEP_NANOS << Math.min(rounds++, MOST_DOUBLINGS));
      next = next(true);
    }
    move(next == null ? writers.get(after(1)) : next, nowNanos + wait);
  }

  private @Nullable HostPort next(boolean alsoPresent) {
    for (int i = 1; i <= writers.size(); i++) {
      HostPort writer = writers.get(after(i));
      boolean other = alsoPresent || !writer.equals(lead.writer());
      if (other && !tried.contains(writer) && reachable.test(writer)) {
        return writer;
      }
    }
    return null;
  }

  private int after(int places) {
    return (Math.max(0, writers.indexOf(lead.writer())) + places) % writers.size();
  }

  private void move(HostPort to, long notBeforeNanos) {
    proven = false;
    lead = new Lead(to, lead.number() + 1, notBeforeNanos);
  }
}
