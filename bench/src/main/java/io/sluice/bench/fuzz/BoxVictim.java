package io.sluice.bench.fuzz;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.harness.SqlRows;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** An Acceptor and a Writer, each a process with the memory that the command gives it. */
final class BoxVictim implements Victim {

  /** Heap, direct memory and what a JVM is besides; the Writer's chunks come on top. */
  private static final long MOST_OF_ACCEPTOR = 2_200L << 20;

  private static final long MOST_OF_WRITER = 4_000L << 20;

  private final SluiceBox box;
  private final SqlRows rows;
  private long acceptorPeak;
  private long writerPeak;

  /**
   * Starts both.
   *
   * @param directory of data and of what they print
   */
  BoxVictim(Path directory) throws Exception {
    box = new SluiceBox(Files.createDirectories(directory), List.of());
    try {
      box.start();
      rows = new SqlRows(box.target());
    } catch (Exception e) {
      box.close();
      throw e;
    }
  }

  @Override
  public int httpPort() {
    return box.http().getPort();
  }

  @Override
  public int grpcPort() {
    return box.grpc().getPort();
  }

  @Override
  public int adminPort() {
    return box.acceptorStatus().getPort();
  }

  int flightPort() {
    return box.flight().port();
  }

  @Override
  public void requireStoredOnce(NeighbourRequest request) throws Exception {
    List<String> spans = rows.spans(request.traceId());
    if (spans.size() != NeighbourRequest.SPANS || new HashSet<>(spans).size() != spans.size()) {
      throw new Finding(
          "a neighbour's request was acked, and of its %d spans are there %s"
              .formatted(NeighbourRequest.SPANS, spans));
    }
  }

  /** Rows of a table, all of their columns read. */
  long count(Table table) throws Exception {
    return rows.count(table);
  }

  /** Rows of each table. */
  Map<Table, Long> counts() throws Exception {
    Map<Table, Long> counts = new EnumMap<>(Table.class);
    for (Table table : Table.all()) {
      counts.put(table, count(table));
    }
    return counts;
  }

  /** SIGKILL to the Writer; returns when another one has replayed the log. */
  void killWriter() throws Exception {
    box.writer().kill();
    box.writer().startAgain();
  }

  /** Returns when all rows are in Parquet. */
  void flush() throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        FlightClient client =
            FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", flightPort()))
                .build()) {
      client.doAction(new Action("flush")).forEachRemaining(result -> {});
    }
  }

  /** All that the Writer logged. */
  List<String> writerSaid() throws IOException {
    return Files.readAllLines(box.directory().resolve("writer.log"));
  }

  @Override
  public void requireSound() throws Finding {
    try {
      box.requireRunning();
    } catch (IOException e) {
      throw new Finding("a process ended", e);
    }
    acceptorPeak = peak(box.acceptor().pid());
    writerPeak = peak(box.writer().pid());
    if (acceptorPeak > MOST_OF_ACCEPTOR || writerPeak > MOST_OF_WRITER) {
      throw new Finding("too much memory" + memory());
    }
  }

  @Override
  public String memory() {
    return ", Acceptor at most %d MiB, Writer %d MiB"
        .formatted(acceptorPeak >> 20, writerPeak >> 20);
  }

  /** Most bytes resident so far; 0 where the system does not say. */
  private static long peak(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() throws Exception {
    rows.close();
    try (box) {
      box.stop();
    }
  }
}
