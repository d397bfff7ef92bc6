package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.FileScanTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole Writer, stopped between two steps of what it does with a message. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InFlightTest {

  @TempDir Path data;
  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicReference<Throwable> died = new AtomicReference<>();
  private final BlockingQueue<PutAnswer> answers = new LinkedBlockingQueue<>();
  private HeldDisk disk;
  private String heldFile;
  private WriterService service;
  private FlightClient client;

  private void start(String... more) throws Exception {
    WriterEnvironment environment =
        new WriterEnvironment(
            directory -> {
              LogEnvironment system = LogEnvironment.system(directory);
              disk = new HeldDisk(system.storage());
              if (heldFile != null) {
                disk.holdApplyBefore(heldFile);
              }
              return new LogEnvironment(
                  disk, system.nanoTime(), system.wallMicros(), system.random());
            },
            config -> Lake.open(config, Clock.systemUTC()));
    service = WriterService.open(settings(more), environment, (part, e) -> died.set(e));
    client =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
            .build();
  }

  private WriterSettings settings(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--data=" + data,
                "--flight.port=0",
                "--writer.admin.port=0",
                "--wal.segment-bytes=1MiB",
                "--wal.max-bytes=64MiB"));
    flags.addAll(List.of(more));
    return WriterSettings.from(Settings.of(flags, Map.of(), data));
  }

  private void kill() throws Exception {
    client.close();
    service.abandon();
    service = null;
  }

  @AfterEach
  void close() throws Exception {
    disk.letGo();
    if (service != null) {
      kill();
    }
    allocator.close();
    assertThat(died.get()).isNull();
  }

  @Test
  void nothingIsAnsweredBeforeItIsForcedAndARepeatOfWhatIsNotYetAppliedIsStoredOnce()
      throws Exception {
    start();
    disk.holdForces();
    try (Messages stream = new Messages()) {
      stream.put(1, 7, 10);
      stream.put(2, 7, 10);
      stream.put(3, 8, 9); // the rows are ten: refused at once, so that the two before are taken
      assertThat(next().status()).isEqualTo(PutAnswer.Status.MALFORMED);
      assertThat(answers).as("nothing is forced").isEmpty();
      disk.letGo();
      assertThat(next()).isEqualTo(PutAnswer.done(1, List.of(false)));
      assertThat(next()).isEqualTo(PutAnswer.done(2, List.of(true)));
    }
    flush();
    assertThat(persistedRows()).isEqualTo(10);
  }

  @Test
  void whatTheApplyHasNotReachedIsNotSealedWithWhatItHas() throws Exception {
    start();
    putDone(1, false);
    putDone(2, false);
    kill();
    start();
    putDone(3, false);
    kill();
    heldFile = segments().get(1); // each start begins a segment
    start("--seal.late=1ms");
    await(() -> persistedRows() > 0);
    assertThat(persistedRows()).isEqualTo(20);
    assertThat(mark()).as("the log is forced up to 3").isEqualTo(2);
    heldFile = null;
    disk.letGo();
    putDone(3, null);
    flush();
    assertThat(persistedRows()).isEqualTo(30);
    kill();
    start();
    flush();
    assertThat(persistedRows()).isEqualTo(30);
  }

  private List<String> segments() throws Exception {
    try (Stream<Path> files = Files.list(data.resolve("writer/log-0"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{16}\\.wal"))
          .sorted()
          .toList();
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("it never came").isLessThan(end);
    }
  }

  private PutAnswer next() throws InterruptedException {
    return Objects.requireNonNull(answers.poll(60, TimeUnit.SECONDS), "no answer came");
  }

  /**
   * @param repeat null: not looked at, as who is answered before the apply is not told
   */
  private void putDone(long id, Boolean repeat) throws Exception {
    try (Messages stream = new Messages()) {
      stream.put(id, id, 10);
      PutAnswer answer = next();
      assertThat(answer.status()).isEqualTo(PutAnswer.Status.DONE);
      if (repeat != null) {
        assertThat(answer.repeats()).containsExactly(repeat);
      }
    }
  }

  private void flush() {
    client.doAction(new Action("flush")).next();
  }

  private long persistedRows() throws Exception {
    long rows = 0;
    try (Lake lake = Lake.open(settings().lake(), Clock.systemUTC())) {
      for (FileScanTask file : lake.table("default", Table.TRACES).snapshot().files()) {
        rows += file.file().recordCount();
      }
    }
    return rows;
  }

  /** How far the only log is in the table. */
  private long mark() throws Exception {
    try (Lake lake = Lake.open(settings().lake(), Clock.systemUTC())) {
      return lake.table("default", Table.TRACES).marks().values().iterator().next();
    }
  }

  /** One put stream, whose messages have ten rows each. */
  private final class Messages implements AutoCloseable {
    private final long micros = System.currentTimeMillis() * 1000;
    private final VectorSchemaRoot root = WireSpans.of(allocator, "cart", 0, 10, micros * 1000);
    private final FlightClient.ClientStreamListener stream =
        client.startPut(FlightDescriptor.path("0", "default", "traces"), root, new Answers());

    void put(long sequence, long id, int rows) {
      PutMetadata.Batch batch = new PutMetadata.Batch(new BatchId(id, id), rows, micros);
      byte[] bytes = new PutMetadata(false, sequence, List.of(batch)).toBytes();
      ArrowBuf buffer = allocator.buffer(bytes.length);
      buffer.writeBytes(bytes);
      stream.putNext(buffer);
    }

    @Override
    public void close() {
      stream.completed();
      stream.getResult();
      root.close();
    }
  }

  private final class Answers extends AsyncPutListener {
    @Override
    public void onNext(PutResult result) {
      try {
        ArrowBuf bytes = result.getApplicationMetadata();
        answers.add(PutAnswer.parse(bytes.nioBuffer(0, (int) bytes.readableBytes())));
      } catch (Exception e) {
        onError(e);
      }
    }
  }
}
