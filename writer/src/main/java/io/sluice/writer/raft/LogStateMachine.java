package io.sluice.writer.raft;

import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * What Ratis applies a log to: hands committed records to the consumer, in order. All calls of the
 * consumer hold {@code applying}: Ratis applies on one thread and tells of a lost lead on another.
 */
final class LogStateMachine extends BaseStateMachine {

  private final RaftSnapshots snapshots = new RaftSnapshots();
  private final RaftEntry entries;
  private final Executor roles;
  private final Consumer<Throwable> failed;
  private final Runnable beforeSnapshot;
  private final Object applying = new Object();
  private final EntryParts parts = new EntryParts(); // guarded by applying
  private volatile @Nullable LogConsumer consumer;
  private volatile long applied;
  private volatile long logTimeMicros;

  /** The term that this process leads, from when it has applied all before; else 0. */
  private volatile long leads;

  private long toldLeads; // as the consumer knows it; guarded by applying
  private volatile boolean isClosing;
  private volatile boolean isRemoved;

  /**
   * @param roles where the consumer is told of a lost lead, as Ratis waits for nobody there
   * @param failed told once of what the consumer threw, or of a log that failed
   * @param beforeSnapshot returns when one may take the place of a log's beginning
   */
  LogStateMachine(
      RaftEntry entries, Executor roles, Consumer<Throwable> failed, Runnable beforeSnapshot) {
    this.entries = entries;
    this.roles = roles;
    this.failed = failed;
    this.beforeSnapshot = beforeSnapshot;
  }

  void consumer(LogConsumer one) {
    consumer = one;
  }

  private LogConsumer consumer() {
    LogConsumer known = consumer;
    if (known == null) {
      throw new IllegalStateException("cannot apply: the log was not started");
    }
    return known;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    snapshots.init(storage);
    restore();
    getLifeCycle().transition(LifeCycle.State.STARTING);
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  /** Called when a snapshot has come whole, before it counts; nothing is taken meanwhile. */
  @Override
  public void pause() {
    beforeSnapshot.run();
    if (getLifeCycleState().isRunning()) { // else the last snapshot that was sent was damaged
      getLifeCycle().transition(LifeCycle.State.PAUSING);
      getLifeCycle().transition(LifeCycle.State.PAUSED);
    }
  }

  @Override
  public void reinitialize() throws IOException {
    try {
      snapshots.loadLatestSnapshot();
      restore();
    } catch (IOException | RuntimeException e) {
      failed.accept(e);
      throw e;
    }
    getLifeCycle().transition(LifeCycle.State.STARTING);
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  private void restore() throws IOException {
    SingleFileSnapshotInfo newest = snapshots.getLatestSnapshot();
    if (newest == null) {
      return;
    }
    Path file = newest.getFile().getPath();
    snapshots.force(file);
    synchronized (applying) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        consumer().restore(in, newest.getIndex());
      }
      parts.reset();
      setLastAppliedTermIndex(newest.getTermIndex());
      applied = newest.getIndex();
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots;
  }

  RaftSnapshots snapshots() {
    return snapshots;
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    if (!(request.getMessage() instanceof Pending pending)) {
      throw new IOException("cannot append: only the Writer itself does");
    }
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setStateMachineContext(pending)
        .build();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    long index = entry.getIndex();
    try {
      ByteString data = entry.getStateMachineLogEntry().getLogData();
      synchronized (applying) {
        ByteString whole = parts.add(data, entry.getTerm());
        Pending live =
            transaction.getStateMachineContext() instanceof Pending pending ? pending : null;
        if (whole != null) {
          logTimeMicros = Math.max(logTimeMicros, RaftEntry.logTimeMicros(whole));
          LogRecord record = live == null ? null : live.claim();
          if (record == null) {
            record = entries.decode(whole, index);
          }
          record.place(index, logTimeMicros);
          consumer().apply(record);
        } else if (EntryParts.isLast(data) && live != null) {
          live.fail(new LogFailedException("some of it was not taken", null));
        }
        applied = whole == null ? applied : index;
        updateLastAppliedTermIndex(entry.getTerm(), index);
      }
    } catch (IOException | RuntimeException | Error e) {
      failed.accept(e);
      throw new IllegalStateException("cannot apply position " + index, e);
    }
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    synchronized (applying) {
      parts.pass(term);
      if (!parts.hasBegun()) { // else who begins from here would have a record's end only
        if (index > 0) { // Raft counts from 0, where it has its first members
          consumer().passed(index);
        }
        applied = index;
      }
      updateLastAppliedTermIndex(term, index);
    }
  }

  @Override
  public void notifyLeaderReady() {
    try {
      DivisionInfo info = getServer().join().getDivision(getGroupId()).getInfo();
      long term = info.getCurrentTerm();
      synchronized (applying) {
        tellFollows();
        leads = term;
        if (!info.isLeader() || info.getCurrentTerm() != term) { // asked after the write above
          leads = 0; // it was lost before it was told here: nothing would say so any more
          return;
        }
        toldLeads = term;
        consumer().leads(term);
      }
    } catch (IOException e) {
      failed.accept(e);
    }
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    long lost = leads;
    leads = 0;
    if (lost > 0 && !isClosing) {
      roles.execute(
          () -> {
            synchronized (applying) {
              if (toldLeads == lost) {
                tellFollows();
              }
            }
          });
    }
  }

  private void tellFollows() {
    if (toldLeads > 0) {
      toldLeads = 0;
      consumer().follows();
    }
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    failed.accept(cause);
  }

  /**
   * Of one group alone: the others say, or its own log does, that this replica is no member any
   * more. It applies and votes no more; who hosts it finds out what to do.
   */
  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServers) {
    if (!allServers) {
      isRemoved = true;
      leads = 0;
    } else if (!isClosing) {
      failed.accept(new IOException("cannot go on: the Raft server has shut down"));
    }
  }

  /** Whether Raft has ended it as one that is no member. */
  boolean isRemoved() {
    return isRemoved;
  }

  /** What happens from now on is meant. */
  void closing() {
    isClosing = true;
    leads = 0;
  }

  /** The term that is led; 0 if none is, as far as is known. */
  long leads() {
    return leads;
  }

  long applied() {
    return applied;
  }

  long logTimeMicros() {
    return logTimeMicros;
  }

  TermIndex appliedTermIndex() {
    return getLastAppliedTermIndex();
  }
}
