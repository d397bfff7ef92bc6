package io.sluice.writer.raft;

import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import java.io.IOException;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** The committed records of a replica's own log. */
final class RaftLogCursor implements LogCursor {

  private final RaftLog log;
  private final RaftEntry entries;
  private final Pins.Pin pin;
  private final EntryParts parts = new EntryParts();
  private long next;

  RaftLogCursor(RaftLog log, RaftEntry entries, Pins.Pin pin) {
    this.log = log;
    this.entries = entries;
    this.pin = pin;
    this.next = pin.position();
  }

  @Override
  public @Nullable LogRecord next() throws IOException {
    while (next <= log.getLastCommittedIndex()) {
      long position = next++;
      LogEntryProto entry = entry(position);
      if (entry.hasStateMachineLogEntry()) {
        ByteString whole = parts.add(entry.getStateMachineLogEntry().getLogData(), entry.getTerm());
        if (whole != null) {
          pin.moveTo(next);
          return entries.decode(whole, position);
        }
      }
    }
    return null;
  }

  private LogEntryProto entry(long position) throws IOException {
    try {
      LogEntryProto entry = log.get(position);
      if (entry == null) {
        throw new IOException(
            "cannot read position %d: the log begins at %d"
                .formatted(position, log.getStartIndex()));
      }
      return entry;
    } catch (RaftLogIOException e) {
      throw io.sluice.writer.raft.RaftLog.unreadable(position, e);
    }
  }

  @Override
  public void close() {
    pin.close();
  }
}
