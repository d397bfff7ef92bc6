package io.sluice.writer.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sluice.wal.LogRecord;
import io.sluice.writer.model.ModelLog.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Replicas of one log in one thread: what Raft promises, and nothing happens unless the test says
 * so. Entries are appended where one leads, sent to each other replica at any time or never, and
 * committed once a majority has them; they are applied late; leaders are elected by whoever can be
 * reached, while an old one may think that it leads; what was not committed may be lost.
 */
public final class ModelCluster {

  private final UUID id;
  private final List<ModelLog> logs;
  private final boolean[][] cut;
  private final boolean[] learns;
  private final List<Entry> committed = new ArrayList<>();
  private final int majority;
  private int copies;
  private boolean tellsLate;
  private IntFunction<@Nullable String> addresses = replica -> null;
  private long micros;

  public ModelCluster(UUID id, int replicas) {
    this.id = id;
    this.logs =
        IntStream.range(0, replicas).mapToObj(i -> new ModelLog(this, i, replicas)).toList();
    this.cut = new boolean[replicas][replicas];
    this.learns = new boolean[replicas];
    this.majority = replicas / 2 + 1;
    this.copies = majority;
  }

  /** Lost leads are told from now on when somebody says {@link ModelLog#tellRole}. */
  public void tellLate() {
    tellsLate = true;
  }

  boolean tellsLate() {
    return tellsLate;
  }

  /** Where replicas are reached. */
  public void addresses(IntFunction<String> byReplica) {
    addresses = byReplica::apply;
  }

  @Nullable String address(int replica) {
    return replica < 0 ? null : addresses.apply(replica);
  }

  /** A planted bug: what so few have counts as committed. */
  public void commitWith(int fewer) {
    copies = fewer;
  }

  UUID id() {
    return id;
  }

  public ModelLog log(int replica) {
    return logs.get(replica);
  }

  /** All that is committed, by position from 1: null where it is the cluster's own. */
  public List<@Nullable LogRecord> records() {
    List<@Nullable LogRecord> records = new ArrayList<>();
    for (long position = 1; position <= committed.size(); position++) {
      records.add(record(position));
    }
    return records;
  }

  /** How many positions are committed. */
  public int committed() {
    return committed.size();
  }

  /** One that is committed; null if it is the cluster's own. */
  public @Nullable LogRecord record(long position) {
    return committed.get((int) position - 1).record(position);
  }

  /** The time that records get which are appended now. */
  public void setMicros(long now) {
    micros = now;
  }

  long micros() {
    return micros;
  }

  /** Whether messages between the two get lost from now on. */
  public void cut(int a, int b, boolean isCut) {
    cut[a][b] = isCut;
    cut[b][a] = isCut;
  }

  private boolean reaches(ModelLog from, ModelLog to) {
    return from.isUp() && to.isUp() && !cut[from.number][to.number];
  }

  /**
   * Puts an empty disk in the place of one that is lost, as a membership change does: it has no
   * vote until it has what the leader has, and until then the others must all agree.
   *
   * @return whether that can be: it is down, and all others have their votes
   */
  public boolean replace(int replica) {
    for (int i = 0; i < learns.length; i++) {
      if (learns[i]) {
        return false;
      }
    }
    if (log(replica).isUp()) {
      return false;
    }
    learns[replica] = true;
    log(replica).wipe();
    for (ModelLog log : logs) {
      log.matched[replica] = 0;
    }
    return true;
  }

  /** Whether it has no vote yet. */
  public boolean learns(int replica) {
    return learns[replica];
  }

  /**
   * Lets the replica try to lead.
   *
   * @return whether a majority voted for it
   */
  public boolean elect(int replica) {
    ModelLog candidate = log(replica);
    if (!candidate.isUp() || candidate.leads || learns[replica]) {
      return false;
    }
    List<ModelLog> voters =
        logs.stream()
            .filter(log -> !learns[log.number])
            .filter(log -> reaches(candidate, log) && !isNewer(log, candidate))
            .toList();
    if (voters.size() < majority) {
      return false;
    }
    long term = 1 + logs.stream().mapToLong(log -> log.term).max().orElseThrow();
    voters.forEach(log -> log.follow(term, log == candidate ? replica : ModelLog.NOBODY));
    candidate.leads = true;
    Arrays.fill(candidate.matched, 0);
    candidate.entries.add(new Entry(term, null, new byte[0], 0));
    candidate.ledFrom = candidate.last();
    commit(candidate);
    return true;
  }

  /** It thinks that it leads, hears of no majority, and gives up. */
  public void stepDown(int replica) {
    ModelLog log = log(replica);
    log.follow(log.term, ModelLog.NOBODY);
  }

  private static boolean isNewer(ModelLog a, ModelLog b) {
    long termA = lastTerm(a);
    long termB = lastTerm(b);
    return termA > termB || (termA == termB && a.last() > b.last());
  }

  /** Of what a snapshot ends with only the log's end is known, which is committed. */
  private static long lastTerm(ModelLog log) {
    return log.last() == log.released ? log.releasedTerm : log.termAt(log.last());
  }

  /** The leader that has the highest term, if any; others may think that they lead. */
  public @Nullable ModelLog leader() {
    return logs.stream()
        .filter(log -> log.leads)
        .max((a, b) -> Long.compare(a.term, b.term))
        .orElse(null);
  }

  /** The same with an answer that arrives. */
  public void send(int from, int to, int most) {
    send(from, to, most, true);
  }

  /**
   * Brings so many more entries from one that leads to another, at most, or a snapshot.
   *
   * @param isAnswered whether the one that leads learns of it
   * @return whether the other one has heard of it
   */
  @CanIgnoreReturnValue
  public boolean send(int from, int to, int most, boolean isAnswered) {
    ModelLog leader = log(from);
    ModelLog other = log(to);
    if (from == to || !leader.leads || !reaches(leader, other)) {
      return false;
    }
    if (other.term > leader.term && !learns[to]) {
      leader.follow(other.term, ModelLog.NOBODY);
      return false;
    }
    if (other.term != leader.term || other.leads) {
      other.follow(leader.term, from);
    }
    other.ledBy = from;
    long same = Math.min(leader.last(), other.last());
    while (same > other.committed && leader.entries.get((int) same - 1) != entry(other, same)) {
      same--;
    }
    if (same < leader.released) {
      other.install(leader.released, leader.releasedTerm, leader.snapshot);
      same = leader.released;
    }
    other.entries.subList((int) same, other.entries.size()).clear();
    other.committed = Math.min(other.committed, same); // less only by a planted bug
    long upTo = Math.min(leader.last(), same + most);
    other.entries.addAll(leader.entries.subList((int) same, (int) upTo));
    if (isAnswered) {
      leader.matched[to] = upTo;
      commit(leader);
      learns[to] = learns[to] && (upTo < leader.last() || !isConfirmed(leader));
    }
    other.committed = Math.max(other.committed, Math.min(leader.committed, upTo));
    return true;
  }

  private static @Nullable Entry entry(ModelLog log, long position) {
    return log.entries.get((int) position - 1);
  }

  /** What a majority has of it. */
  void commit(ModelLog leader) {
    leader.matched[leader.number] = leader.last();
    long[] sorted = leader.matched.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = learns[i] ? 0 : sorted[i];
    }
    Arrays.sort(sorted);
    long byMajority = sorted[sorted.length - copies];
    if (byMajority > leader.committed && leader.termAt(byMajority) == leader.term) {
      for (long i = leader.committed; i < byMajority; i++) {
        commit((int) i, leader.entries.get((int) i));
      }
      leader.committed = byMajority;
    }
  }

  private void commit(int at, @Nullable Entry entry) {
    if (at == committed.size()) {
      committed.add(entry);
    } else if (entry != null && entry != committed.get(at)) {
      if (copies == majority) {
        throw new AssertionError("the model is wrong: position %d changed".formatted(at + 1));
      }
      committed.set(at, entry);
    }
  }

  boolean isConfirmed(ModelLog leader) {
    long followers =
        logs.stream()
            .filter(log -> !learns[log.number])
            .filter(log -> reaches(leader, log) && log.term <= leader.term)
            .count();
    return leader.toldToLead && followers >= majority;
  }
}
