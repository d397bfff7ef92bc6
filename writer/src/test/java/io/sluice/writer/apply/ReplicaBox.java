package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.ReloadException;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.SetRows;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.model.ModelLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** One process that has a replica of a log; its tables are shared with the others. */
final class ReplicaBox implements RoleListener {

  /** A row by its record's position and its place in that: each batch has one. */
  record Row(long position, int ordinal) implements Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      int order = Long.compare(position, other.position);
      return order == 0 ? Integer.compare(ordinal, other.ordinal) : order;
    }
  }

  /** A commit that is under way, and may arrive whenever. */
  record Attempt(TableKey table, ChunkSet set, long from, long to, Set<Row> rows) {}

  /** A read that is under way. */
  record Reading(TableKey table, long after, HotRead read) {}

  private static final SealPolicy SMALL =
      new SealPolicy(300 << 10, 300 << 10, Duration.ZERO, Duration.ZERO);

  static final TableKey[] KEYS = {
    new TableKey("default", Table.TRACES), new TableKey("other", Table.TRACES)
  };

  /** Of one stream a table: records of a stream share one array. */
  private static final Map<TableKey, byte[]> HEADS =
      Map.of(
          KEYS[0], WireMessages.head(KEYS[0].tenant(), Table.TRACES),
          KEYS[1], WireMessages.head(KEYS[1].tenant(), Table.TRACES));

  private static final Ledger LEDGER = new Ledger(new Telemetry("test"));

  final ModelLog log;
  final Window.Limits limits;
  final Map<TableKey, Attempt> attempts = new HashMap<>();
  final List<Reading> readings = new ArrayList<>();
  final List<Answer> answers = new ArrayList<>();
  private BufferAllocator allocator;
  ChunkBuffer buffer;
  Window window;
  Replica replica;
  private ReplicaReleaser releaser;

  /** The term it leads in, without being told the marks yet; 0: it does not. */
  long leading;

  ReplicaBox(ModelLog log, Window.Limits limits) {
    this.log = log;
    this.limits = limits;
  }

  void start() {
    allocator = new RootAllocator();
    leading = 0;
    BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
    RowsByChunk byChunk = new RowsByChunk(2);
    LogRows rows = new LogRows(log, byChunk, loader, allocator);
    buffer = new ChunkBuffer(key -> 0L, SMALL, rows, System::nanoTime);
    window = new Window(limits);
    Applier applier = Applier.ofReplica(window, buffer, byChunk, loader, LEDGER);
    replica = new Replica(log, window, buffer, applier, this);
    releaser =
        new ReplicaReleaser(
            log,
            window,
            buffer,
            replica,
            key -> Optional.of(new UUID(1, key.tenant().hashCode())),
            limits,
            Duration.ZERO,
            System::nanoTime);
    log.start(1, replica);
  }

  void crash() {
    log.crash();
    answers.forEach(Answer::drop);
    readings.forEach(reading -> reading.read.close());
    readings.clear();
    buffer.close();
    attempts.values().forEach(it -> buffer.table(it.table).persistFailed(it.set));
    attempts.clear();
    allocator.close();
  }

  @Override
  public void leads(long term) {
    leading = term;
  }

  @Override
  public void follows() {
    leading = 0;
    assertThat(buffer.isFollowing()).isTrue();
  }

  /** Appends a record, live; its answer comes when it is applied. */
  Answer append(TableKey table, List<BatchId> ids, long received) {
    byte[] message = WireMessages.spans(allocator, ids, 1, 0, received);
    Answer answer = new Answer(HotSpans.load(allocator, message));
    answers.add(answer);
    answer.record = new LogRecord(HEADS.get(table), ByteBuffer.wrap(message), 0, false, answer);
    log.append(answer.record);
    return answer;
  }

  void release() throws IOException {
    releaser.release();
  }

  /** Begins to persist the table's oldest set, if there is one, and nothing is under way. */
  void beginPersist(TableKey key) {
    TableBuffer table = buffer.table(key);
    if (attempts.containsKey(key)) {
      return;
    }
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElse(null);
    if (set == null) {
      return;
    }
    assertThat(set.from()).isEqualTo(table.mark());
    Set<Row> rows = new TreeSet<>();
    try (SetRows all = buffer.load(set)) {
      for (Chunk chunk : all.chunks()) {
        for (HotRows part : chunk.rows()) {
          addRows(part, rows);
        }
      }
      assertThat(rows).hasSize(Math.toIntExact(set.rows()));
      attempts.put(key, new Attempt(key, set, set.from(), set.to(), rows));
    } catch (IOException e) {
      throw new AssertionError("what is owed cannot be read back", e);
    }
  }

  private static void addRows(HotRows part, Set<Row> rows) {
    for (int row : part.rows()) {
      assertThat(rows.add(new Row(part.batch().position(), row))).as("no row twice").isTrue();
    }
  }

  void openRead(TableKey key, long after) throws IOException {
    try {
      readings.add(new Reading(key, after, buffer.read(key, after)));
    } catch (ReloadException e) {
      assertThat(buffer.table(key).mark()).isGreaterThan(after);
    }
  }

  /** All that the read gives; empty if it ends with an error. */
  static Optional<Set<Row>> drain(Reading reading) {
    Set<Row> rows = new TreeSet<>();
    try (HotRead read = reading.read) {
      for (HotRows part = read.next(); part != null; part = read.next()) {
        addRows(part, rows);
      }
      return Optional.of(rows);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** One who waits for its record. */
  static final class Answer implements LogRecord.Attachment, Applied {
    private final LoadedBatch batch;
    LogRecord record;
    List<Boolean> repeats;
    private boolean over;

    Answer(LoadedBatch batch) {
      this.batch = batch;
    }

    void drop() {
      if (!over) {
        over = true;
        batch.close();
      }
    }

    @Override
    public LoadedBatch batch() {
      over = true;
      return batch;
    }

    @Override
    public void applied(List<Boolean> answers) {
      repeats = List.copyOf(answers);
    }

    @Override
    public void durable() {
      throw new AssertionError("the model's apply is never behind");
    }

    @Override
    public void failed(LogFailedException cause) {
      drop();
    }
  }
}
