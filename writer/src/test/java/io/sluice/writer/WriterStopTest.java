package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.ForcingFileIO;
import io.sluice.lake.Lake;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.wal.LogEnvironment;
import io.sluice.wal.Storage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Writer that is told to stop when something will never answer, or is dead. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterStopTest {

  @TempDir Path data;
  private final AtomicReference<Throwable> died = new AtomicReference<>();

  @Test
  void stopEndsThoughTheStoreNeverAnswersAndTheRowsAreInTheLog() throws Exception {
    HangingFiles files = new HangingFiles();
    WriterService hanging = open(LogEnvironment::system, files);
    files.hanging = true;
    put(hanging);
    hanging.close();
    files.answer.countDown();
    files.hanging = false;
    assertThat(mark(files)).isZero();
    WriterService next = open(LogEnvironment::system, files, "--seal.late=1ms");
    while (mark(files) == 0) {
      LockSupport.parkNanos(1_000_000);
    }
    next.close();
    assertThat(mark(files)).isEqualTo(1);
    assertThat(died.get()).isNull();
  }

  @Test
  void writerWhoseLogHasDiedPersistsNothingMore() throws Exception {
    BrokenDisk disk = new BrokenDisk();
    ForcingFileIO files = new ForcingFileIO();
    WriterService service = open(disk, files);
    put(service);
    disk.broken = true;
    try {
      put(service);
    } catch (FlightRuntimeException e) {
      assertThat(e).hasMessageContaining("log");
    }
    while (died.get() == null) {
      LockSupport.parkNanos(1_000_000);
    }
    service.close();
    assertThat(mark(files)).as("a working store would have taken it").isZero();
  }

  @Test
  void whoFollowsIsToldThatTheWriterStops() throws Exception {
    WriterService service = open(LogEnvironment::system, new ForcingFileIO());
    put(service);
    byte[] ticket =
        new ReadTicket("default", Table.TRACES, Map.of(), null, null, null, true).toJson();
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
                .build();
        FlightStream stream = client.getStream(new Ticket(ticket))) {
      assertThat(stream.next()).isTrue();
      service.close();
      assertThatThrownBy(
              () -> {
                while (stream.next()) {}
              })
          .isInstanceOf(FlightRuntimeException.class)
          .hasMessageContaining("the Writer is stopping (ask again)");
    }
    assertThat(died.get()).isNull();
  }

  private long mark(FileIO files) throws Exception {
    try (Lake lake = Lake.open(settings().lake(), Clock.systemUTC(), files)) {
      return lake.table("default", Table.TRACES).marks().values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
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

  private WriterService open(WriterEnvironment.LogDisk disk, FileIO files, String... more)
      throws IOException {
    WriterService service =
        WriterService.open(
            settings(more),
            new WriterEnvironment(disk, config -> Lake.open(config, Clock.systemUTC(), files)),
            (part, e) -> died.set(e));
    while (!service.replayed()) {
      LockSupport.parkNanos(1_000_000);
    }
    return service;
  }

  private static void put(WriterService service) throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", service.port()))
                .build();
        VectorSchemaRoot root =
            WireSpans.of(allocator, "cart", 0, 3, System.currentTimeMillis() * 1_000_000)) {
      SyncPutListener answers = new SyncPutListener();
      FlightClient.ClientStreamListener stream =
          client.startPut(FlightDescriptor.path("0", "default", "traces"), root, answers);
      stream.putNext();
      stream.completed();
      stream.getResult();
    }
  }

  private static final class HangingFiles implements FileIO {

    private static final long serialVersionUID = 1L;

    private final ForcingFileIO files = new ForcingFileIO();
    final transient CountDownLatch answer = new CountDownLatch(1);
    volatile boolean hanging;

    @Override
    public InputFile newInputFile(String location) {
      awaitAnswer();
      return files.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      awaitAnswer();
      return files.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      awaitAnswer();
      files.deleteFile(location);
    }

    private void awaitAnswer() {
      try {
        if (hanging) {
          answer.await();
          throw new IllegalStateException("the process is gone by then");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A log's disk on which no force succeeds any more, when told so. */
  private static final class BrokenDisk implements WriterEnvironment.LogDisk {

    volatile boolean broken;

    @Override
    public LogEnvironment of(Path directory) throws IOException {
      LogEnvironment system = LogEnvironment.system(directory);
      return new LogEnvironment(
          breaking(Storage.class, system.storage()),
          system.nanoTime(),
          system.wallMicros(),
          system.random());
    }

    private <T> T breaking(Class<T> type, T target) {
      return type.cast(
          Proxy.newProxyInstance(
              BrokenDisk.class.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                if (broken && method.getName().startsWith("force")) {
                  throw new IOException("injected: EIO");
                }
                Object result = call(target, method, arguments);
                return result instanceof Storage.StorageFile file
                    ? breaking(Storage.StorageFile.class, file)
                    : result;
              }));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
