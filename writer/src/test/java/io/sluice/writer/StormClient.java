package io.sluice.writer;

import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Puts numbered spans into {@code default.traces}. */
final class StormClient implements AutoCloseable {

  private final BufferAllocator allocator;
  private final FlightClient flight;

  StormClient(BufferAllocator allocator, int port) {
    this.allocator = allocator;
    this.flight =
        FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", port)).build();
  }

  void action(String type) {
    flight.doAction(new Action(type)).forEachRemaining(result -> {});
  }

  /** Whether it was taken; the same rows have the same id. */
  boolean put(int first, int rows) throws Exception {
    long micros = System.currentTimeMillis() * 1000;
    BatchId id = new BatchId(7, first + 1);
    PutMetadata metadata =
        new PutMetadata(false, first + 1, List.of(new PutMetadata.Batch(id, rows, micros)));
    PutAnswer answer;
    try (VectorSchemaRoot root = WireSpans.of(allocator, "cart", first, rows, micros * 1000)) {
      answer = FlightPuts.spans(flight, allocator, "default", metadata, root);
    }
    return answer.status() == PutAnswer.Status.DONE;
  }

  @Override
  public void close() throws InterruptedException {
    flight.close();
  }
}
