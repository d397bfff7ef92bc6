package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.FaultyLake;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole Writer whose store and catalog fail at each step of a small run in turn: files, commit,
 * expiry, sweep, release. Whatever happened, each acked span is in the table once, read by
 * Iceberg's own reader; no file that is needed is gone, and none that is not stays for ever.
 */
@Timeout(600)
class PersistFaultsTest {

  private static final TableIdentifier TRACES = TableIdentifier.of("default", "traces");
  private static final long FLUSH_MILLIS = 200;

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final FaultyLake faults = new FaultyLake();
  private final Set<String> acked = new TreeSet<>();
  private LakeConfig config;
  private Lake sound;
  private Lake lake;
  private WriterService service;
  private FlightClient client;
  private int sent;

  @BeforeEach
  void begin() throws Exception {
    open();
    sound = Lake.open(config, Clock.systemUTC());
    send();
    flush();
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    service.abandon();
    sound.close();
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void failureOfAnyOneStepIsGotOver() throws Exception {
    int step = 0;
    do {
      step++;
      int broken = step;
      send();
      faults.failing(n -> n == broken);
      flush();
      assertWhole("step " + step);
    } while (faults.steps() >= step); // of the flush alone: what follows is sound
    assertThat(step).isGreaterThan(25);
    assertNothingLeftOver();
  }

  @Test
  void outageOfAnyLengthIsGotOver() throws Exception {
    for (int from = 1; from <= 40; from += 4) {
      int begin = from;
      int end = from + 3 + from % 5 * 5;
      send();
      faults.failing(n -> n >= begin && n < end);
      flush();
      assertWhole("steps " + begin + " to " + end);
    }
    assertNothingLeftOver();
  }

  @Test
  void deathAtAnyStepLeavesAllOrNothing() throws Exception {
    boolean reached = true;
    int step = 0;
    while (reached) {
      int last = ++step;
      send();
      send();
      faults.failing(n -> n >= last);
      reached = false;
      boolean flushed = false;
      for (long patience = FLUSH_MILLIS; !reached && !flushed; patience *= 2) {
        flushed = isFlushed(patience);
        reached = faults.steps() >= last;
      }
      service.abandon();
      client.close();
      faults.sound();
      open();
      repeatTheNewest();
      flush();
      assertWhole("step " + step);
    }
    assertThat(step).isGreaterThan(25);
    assertNothingLeftOver();
  }

  @Test
  void truncatedFileIsFoundBeforeTheCommitAndItsRowsAreWrittenAnew() throws Exception {
    send();
    faults.truncating(1);
    flush();
    assertThat(lake.counters().damagedFiles()).isEqualTo(1);
    assertWhole("truncated");
    assertNothingLeftOver();
  }

  private void open() throws Exception {
    List<String> flags =
        List.of(
            "--data=" + data,
            "--flight.port=0",
            "--writer.admin.port=0",
            "--persist.threads=4",
            "--checkpoint.every=1ms",
            "--read.grace=0s",
            "--wal.segment-bytes=1MiB",
            "--wal.max-bytes=64MiB");
    WriterSettings settings = WriterSettings.from(Settings.of(flags, Map.of(), data));
    LakeConfig usual = settings.lake();
    config =
        new LakeConfig(
            usual.catalogUri(),
            usual.warehouse(),
            usual.catalogProperties(),
            2,
            Duration.ZERO,
            S3Config.AWS);
    service =
        WriterService.open(
            settings,
            WriterEnvironment.withLakes(any -> lake = faults.open(config)),
            (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private void send() throws Exception {
    sent++;
    assertThat(put(sent)).isFalse();
    for (int row = 0; row < 3; row++) {
      acked.add("span " + (sent * 3 + row));
    }
  }

  /** As a client does whose answer was lost. */
  private void repeatTheNewest() throws Exception {
    assertThat(put(sent)).isTrue();
  }

  /** Asks again and again: whoever asks is not kept by the pauses between the tries. */
  private void flush() {
    for (long patience = FLUSH_MILLIS; !isFlushed(patience); patience *= 2) {
      assertThat(died.get()).isNull();
    }
  }

  private boolean isFlushed(long millis) {
    CallOption soon = CallOptions.timeout(millis, TimeUnit.MILLISECONDS);
    try {
      client.doAction(new Action("flush"), soon).forEachRemaining(result -> {});
      return true;
    } catch (FlightRuntimeException e) {
      if (e.status().code() != FlightStatusCode.TIMED_OUT) {
        throw new AssertionError(e);
      }
      return false;
    }
  }

  private void assertWhole(String where) throws Exception {
    faults.sound();
    List<String> names = new ArrayList<>();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(sound.catalog().loadTable(TRACES)).select("name").build()) {
      rows.forEach(row -> names.add((String) row.getField("name")));
    }
    assertThat(names).as(where).doesNotHaveDuplicates().hasSameElementsAs(acked);
  }

  /** After one more commit, the data files on the disk are those of the table. */
  private void assertNothingLeftOver() throws Exception {
    send();
    flush();
    Set<String> needed = new TreeSet<>();
    try (CloseableIterable<FileScanTask> files =
        sound.catalog().loadTable(TRACES).newScan().planFiles()) {
      files.forEach(task -> needed.add(fileName(task.file().location())));
    }
    Path directory = Path.of(config.warehouse().substring("file://".length()));
    try (Stream<Path> all = Files.walk(directory.resolve("default/traces/data"))) {
      assertThat(all.map(path -> fileName(path.toString())).filter(n -> n.endsWith(".parquet")))
          .containsExactlyInAnyOrderElementsOf(needed);
    }
  }

  private static String fileName(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** Whether it was a repeat. */
  private boolean put(int id) throws Exception {
    long micros = System.currentTimeMillis() * 1000;
    PutMetadata metadata =
        new PutMetadata(false, id, List.of(new PutMetadata.Batch(new BatchId(id, id), 3, micros)));
    List<PutAnswer> answers = new ArrayList<>();
    AsyncPutListener listener =
        new AsyncPutListener() {
          @Override
          public void onNext(PutResult result) {
            try {
              ArrowBuf bytes = result.getApplicationMetadata();
              answers.add(PutAnswer.parse(bytes.nioBuffer(0, (int) bytes.readableBytes())));
            } catch (Exception e) {
              onError(e);
            }
          }
        };
    String table = Table.TRACES.tableName();
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", id * 3, 3, micros * 1000)) {
      FlightClient.ClientStreamListener stream =
          client.startPut(FlightDescriptor.path("0", "default", table), root, listener);
      byte[] bytes = metadata.toBytes();
      ArrowBuf buffer = allocator.buffer(bytes.length);
      buffer.writeBytes(bytes);
      stream.putNext(buffer);
      stream.completed();
      stream.getResult();
    }
    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).status()).isEqualTo(PutAnswer.Status.DONE);
    return answers.get(0).repeats().get(0);
  }
}
