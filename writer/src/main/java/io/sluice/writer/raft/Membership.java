package io.sluice.writer.raft;

import java.util.List;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Who has a log, by the newest configuration that a replica has; it may be undone as long as it is
 * not committed.
 *
 * @param members who has a copy, or is to have one
 * @param settled whether it is committed, and no change is under way
 * @param term of its entry; 0 if the log does not have that any more
 * @param position of its entry; -1: none was ever appended
 */
public record Membership(List<RaftMember> members, boolean settled, long term, long position) {

  static final Membership NONE = new Membership(List.of(), false, 0, -1);

  public Membership {
    members = List.copyOf(members);
  }

  static Membership of(RaftServer.Division division) {
    RaftConfiguration configuration = division.getRaftConf();
    RaftLog log = division.getRaftLog();
    long position = configuration.getLogEntryIndex();
    TermIndex entry = position >= 0 && log.isOpened() ? log.getTermIndex(position) : null;
    return new Membership(
        configuration.getCurrentPeers().stream().map(RaftMember::of).toList(),
        configuration.getPreviousPeers().isEmpty() && log.getLastCommittedIndex() >= position,
        entry == null ? 0 : entry.getTerm(),
        position);
  }
}
