package io.sluice.writer.raft;

import io.sluice.wal.DurableLog;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import io.sluice.wal.NotLeaderException;
import io.sluice.wal.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * One log on three Writers. A record is applied, and so answered, once a majority has forced it.
 * Positions are Raft's: entries of its own (elections, members) leave gaps.
 *
 * <p>Appends come from any thread; {@code appending} makes times and positions grow together. The
 * rest is Ratis' threads': see LogStateMachine.
 */
public final class RaftLog implements DurableLog {

  private final UUID id;
  private final RaftNode node;
  private final LogStateMachine machine;
  private final RaftEntry entries;
  private final LogDirectory directory;
  private final LongSupplier nanoTime;
  private final CatchUp catchUp;
  private final Pins pins = new Pins();
  private final Object appending = new Object();
  private final LogTime time; // guarded by appending
  private long appended;
  private long released; // guarded by this
  private volatile long recoveredPosition;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  RaftLog(
      UUID id,
      RaftNode node,
      LogStateMachine machine,
      RaftEntry entries,
      LogDirectory directory,
      LongSupplier nanoTime) {
    this.catchUp = new CatchUp(nanoTime);
    this.id = id;
    this.node = node;
    this.machine = machine;
    this.entries = entries;
    this.directory = directory;
    this.nanoTime = nanoTime;
    this.time = new LogTime(node.firstMicros());
  }

  @Override
  public UUID id() {
    return id;
  }

  /** Of the cluster's logs, from 0. */
  public int number() {
    return LogNumber.of(id);
  }

  @Override
  public boolean isReplicated() {
    return true;
  }

  LogStateMachine machine() {
    return machine;
  }

  /** It is applied from when the node begins, or at once if it has begun. */
  @Override
  public void start(long from, LogConsumer consumer) {
    machine.consumer(consumer);
    node.begin(this);
  }

  /** Called once the division runs. */
  void begun() {
    recoveredPosition = lastPosition();
  }

  @Override
  public void append(LogRecord record) throws LogFullException, LogFailedException {
    check();
    if (!record.isNote()) { // what lets the log go has to fit in a full one
      directory.require(entries.size(record));
    }
    byte[] bytes = entries.encode(record);
    List<CompletableFuture<RaftClientReply>> replies = new ArrayList<>();
    Pending last;
    try {
      RaftServer.Division division = division();
      synchronized (appending) {
        List<ByteString> parts =
            EntryParts.split(RaftEntry.at(bytes, nowMicros()), EntryParts.MOST_BYTES, ++appended);
        for (ByteString part : parts.subList(0, parts.size() - 1)) {
          replies.add(node.write(division, new Pending(part, null)));
        }
        last = new Pending(parts.get(parts.size() - 1), record);
        replies.add(node.write(division, last));
      }
    } catch (IOException e) {
      throw new LogFailedException("cannot append: " + e.getMessage(), notLeader(e.getMessage()));
    }
    directory.appended(bytes.length);
    Futures.whenDone(
        replies.get(replies.size() - 1), (answer, cause) -> answered(last, answer, cause));
  }

  private void check() throws LogFailedException {
    Throwable cause = failure;
    if (cause != null) {
      throw new LogFailedException("cannot append: the log has failed", cause);
    }
    if (closed) {
      throw new LogFailedException("cannot append: the log is closed", null);
    }
    if (machine.leads() == 0) {
      throw new LogFailedException("cannot append: another Writer leads", notLeader("it leads"));
    }
  }

  private long nowMicros() {
    return time.micros(machine.leads(), machine.logTimeMicros(), nanoTime.getAsLong());
  }

  private void answered(
      Pending pending, @Nullable RaftClientReply answer, @Nullable Throwable cause) {
    if (answer != null && answer.isSuccess()) {
      return; // it was applied
    }
    Throwable why = answer != null ? answer.getException() : cause;
    Throwable deepest = why instanceof CompletionException ? why.getCause() : why;
    if (deepest instanceof ResourceUnavailableException) {
      pending.fail(new LogFailedException("too much is on its way to the other Writers", deepest));
    } else {
      pending.fail(
          new LogFailedException(
              "cannot tell whether it is durable: another Writer leads",
              notLeader(String.valueOf(deepest))));
    }
  }

  private NotLeaderException notLeader(@Nullable String why) {
    return new NotLeaderException(String.valueOf(why), leadership().leader());
  }

  @Override
  public Leadership leadership() {
    try {
      RaftServer.Division division = division();
      RaftPeer leader = division.getRaftConf().getPeer(division.getInfo().getLeaderId());
      long term = division.getInfo().getCurrentTerm();
      boolean leads = machine.leads() > 0 && !closed && failure == null;
      return new Leadership(term, leads, leader == null ? null : leader.getClientAddress());
    } catch (IOException e) {
      return new Leadership(0, false, null);
    }
  }

  /** Why no other Writer of this log should be stopped yet, as far as this replica is concerned. */
  public @Nullable String lacking() {
    return catchUp.lacking(leaderCommitted(), machine.applied());
  }

  /** What this Writer leads, it has. */
  private long leaderCommitted() {
    try {
      if (machine.leads() > 0) {
        return machine.applied();
      }
      RaftServer.Division division = division();
      RaftPeerId leader = division.getInfo().getLeaderId();
      if (leader == null) {
        return CatchUp.UNKNOWN;
      }
      return division.getCommitInfos().stream()
          .filter(each -> RaftPeerId.valueOf(each.getServer().getId()).equals(leader))
          .mapToLong(CommitInfoProto::getCommitIndex)
          .findAny()
          .orElse(CatchUp.UNKNOWN);
    } catch (IOException e) {
      return CatchUp.UNKNOWN;
    }
  }

  @Override
  public CompletableFuture<Long> confirm() {
    if (machine.leads() == 0 || closed) {
      return CompletableFuture.failedFuture(notLeader("another Writer leads"));
    }
    try {
      return node.read(division())
          .handle(
              (reply, cause) -> {
                if (cause != null || !reply.isSuccess() || machine.leads() == 0) {
                  throw new CompletionException(
                      notLeader(String.valueOf(cause != null ? cause : reply.getException())));
                }
                return machine.applied();
              });
    } catch (IOException e) {
      return CompletableFuture.failedFuture(notLeader(e.getMessage()));
    }
  }

  /**
   * Whether Ratis has ended this replica by itself, as it does, saying nothing to its state
   * machine, when its log's writer has failed: nothing is applied or voted here any more.
   */
  public boolean hasEnded() {
    try {
      LifeCycle.State state = division().getInfo().getLifeCycleState();
      return !closed && (state.isClosingOrClosed() || state == LifeCycle.State.EXCEPTION);
    } catch (IOException e) {
      return false; // not begun yet
    }
  }

  /** Whether Raft has ended it because the others say that this Writer is no member any more. */
  public boolean isRemoved() {
    return machine.isRemoved();
  }

  /** Who has a copy, or is to have one. */
  public List<RaftMember> members() {
    return membership().members();
  }

  /** The same, with how far that is agreed upon. */
  public Membership membership() {
    try {
      return Membership.of(division());
    } catch (IOException e) {
      return Membership.NONE; // not begun yet
    }
  }

  /** Of what this replica has, applied or not. */
  public long lastPosition() {
    try {
      TermIndex last = division().getRaftLog().getLastEntryTermIndex();
      return last == null ? machine.applied() : last.getIndex();
    } catch (IOException e) {
      return 0;
    }
  }

  RaftServer.Division division() throws IOException {
    return node.division(id);
  }

  @Override
  public long firstPosition() {
    try {
      return Math.max(1, division().getRaftLog().getStartIndex());
    } catch (IOException e) {
      return 1;
    }
  }

  @Override
  public long recoveredPosition() {
    return recoveredPosition;
  }

  /** Nothing is called durable before it is applied. */
  @Override
  public long promisedPosition() {
    return machine.applied();
  }

  @Override
  public long appliedPosition() {
    return machine.applied();
  }

  @Override
  public LogCursor read(long from) throws IOException {
    return new RaftLogCursor(division().getRaftLog(), entries, pins.add(Math.max(1, from)));
  }

  @Override
  public void release(long upTo) {
    throw new UnsupportedOperationException("cannot release a replicated log without a snapshot");
  }

  /** Of the disk, whole files go, and none that a cursor stands on. */
  @Override
  public synchronized void release(long upTo, Snapshot snapshot) throws IOException {
    org.apache.ratis.server.raftlog.RaftLog log = division().getRaftLog();
    if (upTo <= released || upTo > machine.applied() || upTo <= machine.snapshots().newest()) {
      return; // the last: a snapshot was sent here meanwhile, and has what this one would have
    }
    TermIndex at = log.getTermIndex(upTo);
    if (at == null) {
      throw new IOException("cannot release position %d: it is not in the log".formatted(upTo));
    }
    machine.snapshots().write(at, snapshot);
    released = upTo;
    Futures.whenDone(log.purge(Math.min(upTo, pins.lowest() - 1)), (to, cause) -> directory.look());
  }

  @Override
  public LogUsage usage() {
    return directory.usage();
  }

  void failed(Throwable cause) {
    failure = cause;
  }

  /** Ends this replica of it; the others go on. */
  @Override
  public void close() {
    closed = true;
    node.end(this);
  }

  /** A read is refused by what Ratis says. */
  static IOException unreadable(long position, RaftLogIOException cause) {
    return new IOException("cannot read position %d of the log".formatted(position), cause);
  }
}
