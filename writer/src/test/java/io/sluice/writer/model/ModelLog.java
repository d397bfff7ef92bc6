package io.sluice.writer.model;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sluice.wal.DurableLog;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.LogUsage;
import io.sluice.wal.NotLeaderException;
import io.sluice.wal.Snapshot;
import io.sluice.writer.raft.LogTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One replica's log in a {@link ModelCluster}. What a disk keeps outlives a {@link #crash}; the
 * rest begins anew at the next {@link #start}. What is released is gone, but for cursors that stand
 * on it; what a snapshot of another replica replaces is gone for all.
 */
public final class ModelLog implements DurableLog {

  /**
   * @param stream null: the cluster's own, a position without a record
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity: replicas share entries
  record Entry(long term, byte @Nullable [] stream, byte[] payload, long logTime) {

    @Nullable LogRecord record(long position) {
      return stream == null ? null : record(position, payload);
    }

    private LogRecord record(long position, byte[] bytes) {
      LogRecord record = new LogRecord(stream, ByteBuffer.wrap(bytes), 0, false, null);
      record.place(position, logTime);
      return record;
    }
  }

  static final int NOBODY = -1;

  private final ModelCluster cluster;
  final int number;

  // On disk. Entry of position p is at p - 1; null: it is behind a snapshot.
  final List<@Nullable Entry> entries = new ArrayList<>();
  long term;
  long released;
  long releasedTerm;
  byte @Nullable [] snapshot;

  // In memory.
  final long[] matched;
  boolean leads;
  boolean toldToLead;
  private boolean owesFollows;
  int ledBy = NOBODY;
  long ledFrom;
  long committed;
  private long logTime;
  private LogTime time;
  private long applied;
  private long recovered;
  private @Nullable LogConsumer consumer;
  private final Map<Long, LogRecord> waiting = new TreeMap<>();
  private final Set<Cursor> cursors = new HashSet<>();
  private long used = 1;
  private boolean fails;

  ModelLog(ModelCluster cluster, int number, int replicas) {
    this.cluster = cluster;
    this.number = number;
    this.matched = new long[replicas];
    this.time = new LogTime(0);
  }

  /** A new disk: it has nothing, and has promised nothing. */
  void wipe() {
    entries.clear();
    term = 0;
    released = 0;
    releasedTerm = 0;
    snapshot = null;
    committed = 0;
    applied = 0;
  }

  long termAt(long position) {
    Entry entry = position == 0 ? null : entries.get((int) position - 1);
    return entry == null ? 0 : entry.term;
  }

  public boolean isUp() {
    return consumer != null;
  }

  /** So much of a budget of 4 is used. */
  public void use(long of4) {
    used = of4;
  }

  /** Whether its disk keeps no snapshots from now on. */
  public void failReleases(boolean are) {
    fails = are;
  }

  /** What the wall clock says where the process begins next. */
  public void wallMicros(long now) {
    time = new LogTime(now);
  }

  @Override
  public void start(long from, LogConsumer newConsumer) {
    logTime = 0;
    ledBy = NOBODY;
    consumer = newConsumer;
    recovered = last();
    committed = released;
    applied = released;
    restore();
  }

  private void restore() {
    if (snapshot != null && consumer != null) {
      try {
        consumer.restore(Channels.newChannel(new ByteArrayInputStream(snapshot)), released);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The process is gone, and what only it knew.
   *
   * @return what it had appended and nobody was told of
   */
  @CanIgnoreReturnValue
  public List<LogRecord> crash() {
    List<LogRecord> untold = List.copyOf(waiting.values());
    consumer = null;
    leads = false;
    toldToLead = false;
    owesFollows = false;
    waiting.clear();
    cursors.clear();
    return untold;
  }

  /** Another one leads, in this term, or will. */
  void follow(long newTerm, int leader) {
    term = newTerm;
    ledBy = leader;
    if (leads) {
      leads = false;
      owesFollows |= toldToLead;
      toldToLead = false;
      if (!cluster.tellsLate()) {
        tellRole();
      }
      List<LogRecord> left = List.copyOf(waiting.values());
      waiting.clear();
      left.forEach(record -> fail(record, "it does not lead any more"));
    }
  }

  /** Tells of a lost lead: late, if the cluster does; before another one in any case. */
  public void tellRole() {
    if (owesFollows && consumer != null) {
      owesFollows = false;
      consumer.follows();
    }
  }

  /** Whether it has lost a lead and was not told. */
  public boolean owesRole() {
    return owesFollows;
  }

  private static void fail(LogRecord record, String why) {
    if (record.attachment() != null) {
      record.attachment().failed(new LogFailedException(why, new NotLeaderException(why, null)));
    }
  }

  /** Takes over another one's snapshot, as the log it has ends below what the other released. */
  void install(long upTo, long ofTerm, byte[] theirs) {
    entries.clear();
    for (long i = 0; i < upTo; i++) {
      entries.add(null);
    }
    snapshot = theirs;
    released = upTo;
    releasedTerm = ofTerm;
    committed = upTo;
    applied = upTo;
    restore();
  }

  /** Applies so many more committed positions, at most. */
  public void apply(int most) {
    for (int i = 0; i < most && applied < committed; i++) {
      applyNext();
    }
  }

  private void applyNext() {
    long position = ++applied;
    Entry entry = entries.get((int) position - 1);
    LogRecord live = waiting.remove(position);
    if (entry.stream == null) {
      consumer.passed(position);
    } else {
      logTime = Math.max(logTime, entry.logTime);
      LogRecord record = live == null ? entry.record(position, entry.payload) : live;
      record.place(position, logTime);
      consumer.apply(record);
    }
    if (leads && !toldToLead && position >= ledFrom) {
      tellRole();
      toldToLead = true;
      consumer.leads(term);
    }
  }

  @Override
  public void append(LogRecord record) {
    if (!toldToLead) {
      fail(record, "it does not lead");
      return;
    }
    byte[] payload = new byte[record.payload().remaining()];
    record.payload().get(payload);
    long position = last() + 1;
    record.place(position, time.micros(term, logTime, cluster.micros() * 1_000));
    entries.add(new Entry(term, record.stream(), payload, record.logTimeMicros()));
    waiting.put(position, record);
    cluster.commit(this);
  }

  @Override
  public void release(long upTo) {
    throw new UnsupportedOperationException("a replicated log is released with a snapshot");
  }

  @Override
  public void release(long upTo, Snapshot of) throws IOException {
    if (upTo > applied) {
      throw new IllegalStateException("cannot release %d: applied %d".formatted(upTo, applied));
    }
    if (fails) {
      throw new IOException("cannot keep a snapshot: no space");
    }
    if (upTo > released) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      of.writeTo(Channels.newChannel(out));
      snapshot = out.toByteArray();
      released = upTo;
      releasedTerm = termAt(upTo);
    }
  }

  @Override
  public LogCursor read(long from) throws IOException {
    if (from < kept()) {
      throw new IOException("position " + from + " is released");
    }
    Cursor cursor = new Cursor(from);
    cursors.add(cursor);
    return cursor;
  }

  private long kept() {
    return cursors.stream().mapToLong(cursor -> cursor.at).reduce(released + 1, Math::min);
  }

  /** Its payload is overwritten by the next, as that of a cursor over files is. */
  private final class Cursor implements LogCursor {

    private long at;
    private byte[] window = {};

    Cursor(long from) {
      at = from;
    }

    @Override
    public @Nullable LogRecord next() throws IOException {
      Arrays.fill(window, (byte) -1);
      while (at <= Math.min(committed, last())) {
        Entry entry = entries.get((int) at - 1);
        if (entry == null) {
          throw new IOException("position " + at + " was replaced by a snapshot");
        }
        long position = at++;
        if (entry.stream != null) {
          window = entry.payload.clone();
          return entry.record(position, window);
        }
      }
      return null;
    }

    @Override
    public void close() {
      cursors.remove(this);
    }
  }

  @Override
  public boolean isReplicated() {
    return true;
  }

  @Override
  public Leadership leadership() {
    return new Leadership(term, toldToLead, cluster.address(ledBy));
  }

  @Override
  public CompletableFuture<Long> confirm() {
    return isConfirmed()
        ? CompletableFuture.completedFuture(committed)
        : CompletableFuture.failedFuture(new NotLeaderException("it does not lead", null));
  }

  /** Whether a majority says now that it leads. */
  public boolean isConfirmed() {
    return cluster.isConfirmed(this);
  }

  /** Up to where it knows the log to be committed. */
  public long committed() {
    return committed;
  }

  /** All that it has, committed or not. */
  public long last() {
    return entries.size();
  }

  /** Whether it leads, maybe without having been told yet. */
  public boolean isElected() {
    return leads;
  }

  @Override
  public UUID id() {
    return cluster.id();
  }

  @Override
  public long firstPosition() {
    return released + 1;
  }

  @Override
  public long recoveredPosition() {
    return recovered;
  }

  @Override
  public long promisedPosition() {
    return committed;
  }

  @Override
  public long appliedPosition() {
    return applied;
  }

  @Override
  public LogUsage usage() {
    return new LogUsage(used, 0, 4, 4, released, 4 - used);
  }

  @Override
  public void close() {
    crash();
  }
}
