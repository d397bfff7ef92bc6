package io.sluice.writer;

import io.sluice.writer.raft.Follower;
import io.sluice.writer.raft.Membership;
import io.sluice.writer.raft.RaftLog;
import io.sluice.writer.raft.RaftMember;
import io.sluice.writer.raft.RaftNode;
import io.sluice.writer.serve.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes who has the logs that are led here. Any thread. */
final class Members {

  private static final Logger LOG = LoggerFactory.getLogger(Members.class);

  private final RaftNode node;
  private final RaftMember self;
  private final Map<Integer, RaftLog> logs;
  private final Set<Integer> changing = ConcurrentHashMap.newKeySet();

  /**
   * @param logs all that are here
   */
  Members(RaftNode node, RaftMember self, Map<Integer, RaftLog> logs) {
    this.node = node;
    this.self = self;
    this.logs = logs;
  }

  /** Who has the log; not settled while new ones get it, of whom Raft does not tell yet. */
  Membership of(RaftLog log) {
    boolean isChanging = changing.contains(log.number()); // asked before what it may become
    Membership now = log.membership();
    return new Membership(now.members(), now.settled() && !isChanging, now.term(), now.position());
  }

  /** Who has the log; how far, only its leader knows. */
  List<Cluster.Copy> copies(RaftLog log) {
    List<Follower> followers = node.followers(log);
    long last = log.lastPosition();
    List<Cluster.Copy> copies = new ArrayList<>();
    for (RaftMember member : log.members()) {
      Optional<Follower> known = followers.stream().filter(each -> each.is(member)).findAny();
      boolean leads = member.equals(self) && log.leadership().leads();
      copies.add(
          new Cluster.Copy(
              member.writer(),
              member.flight().toString(),
              leads ? 0 : known.map(each -> Math.max(0, last - each.matched())).orElse(-1L),
              leads ? 0 : known.map(each -> each.silent().toMillis()).orElse(-1L)));
    }
    return copies;
  }

  /**
   * Takes a Writer's new disk in, instead of the one that it had.
   *
   * @throws IOException it does not lead, or the old disk is alive, or the new one not caught up
   */
  void admit(int number, RaftMember member) throws IOException {
    RaftLog log = led(number);
    List<RaftMember> before = log.members();
    RaftMember old =
        before.stream()
            .filter(each -> each.writer().equals(member.writer()))
            .findAny()
            .orElseThrow(
                () ->
                    new IOException(
                        "cannot take in %s: it is no member of log %d (see `sluice rebalance`)"
                            .formatted(member.writer(), number)));
    if (old.equals(member)) {
      return;
    }
    Duration silent = node.silence(log, old);
    if (!old.disk().equals(member.disk()) && silent.compareTo(Leads.DEAD) < 0) {
      throw new IOException(
          "cannot take in %s with disk %s: its disk %s answered %d ms ago (two Writers with one id? wait, or stop one)"
              .formatted(member.writer(), member.disk(), old.disk(), silent.toMillis()));
    }
    change(log, before, before.stream().map(each -> each.equals(old) ? member : each).toList());
  }

  /**
   * Adds members and takes some out, if the members are those that they are thought to be.
   *
   * @param from peer ids
   * @throws IOException it was not done, and why
   */
  void change(int number, Set<String> from, List<RaftMember> to) throws IOException {
    RaftLog log = led(number);
    List<RaftMember> before = log.members();
    if (!ids(before).equals(from)) {
      throw new IOException(
          "cannot change the members of log %d: they are %s, not %s (look again)"
              .formatted(number, ids(before), new TreeSet<>(from)));
    }
    if (!ids(to).contains(self.peerId().toString())) {
      throw new IOException(
          "cannot take %s out of log %d: it leads it (hand its lead over first)"
              .formatted(self.writer(), number));
    }
    change(log, before, to);
    LOG.info("log {} is on {} now", number, to.stream().map(RaftMember::writer).toList());
  }

  private void change(RaftLog log, List<RaftMember> from, List<RaftMember> to) throws IOException {
    if (!changing.add(log.number())) {
      throw new IOException(
          "cannot change the members of log %d: that is under way (wait)".formatted(log.number()));
    }
    try {
      node.members(log, from, to);
    } finally {
      changing.remove(log.number());
    }
  }

  /**
   * Hands a lead over.
   *
   * @param to peer id
   * @throws IOException it leads still
   */
  void lead(int number, String to, long millis) throws IOException {
    RaftLog log = led(number);
    RaftMember member =
        log.members().stream()
            .filter(each -> each.peerId().toString().equals(to))
            .findAny()
            .orElseThrow(
                () ->
                    new IOException(
                        "cannot hand log %d over to %s: it is no member (look again)"
                            .formatted(number, to)));
    node.transfer(log, member, millis);
    LOG.info("handed log {} over to {}", number, member.writer());
  }

  private RaftLog led(int number) throws IOException {
    RaftLog log = logs.get(number);
    if (log == null || !log.leadership().leads()) {
      throw new IOException(
          "cannot change log %d: %s does not lead it (ask its leader)"
              .formatted(number, self.writer()));
    }
    return log;
  }

  private static Set<String> ids(List<RaftMember> members) {
    return members.stream()
        .map(member -> member.peerId().toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
