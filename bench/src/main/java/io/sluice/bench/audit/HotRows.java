package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/** What one Writer has of one table, pinned when this is opened. One thread uses it. */
final class HotRows implements AutoCloseable {

  private static final byte[] KEY = RunKeys.ATTRIBUTE.getBytes(StandardCharsets.UTF_8);

  private final Table table;
  private final FlightClient client;
  private final FlightStream stream;

  /**
   * Returns when the Writer has pinned the read.
   *
   * @throws org.apache.arrow.flight.FlightRuntimeException it cannot, now or ever
   */
  static HotRows open(BufferAllocator allocator, HostPort writer, ReadTicket ticket) {
    FlightClient client =
        FlightClient.builder(allocator, Location.forGrpcInsecure(writer.host(), writer.port()))
            .build();
    try {
      FlightStream stream = client.getStream(new Ticket(ticket.toJson()));
      stream.getSchema();
      return new HotRows(ticket.table(), client, stream);
    } catch (RuntimeException e) {
      close(client, e);
      throw e;
    }
  }

  private static void close(FlightClient client, RuntimeException cause) {
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cause.addSuppressed(e);
    }
  }

  private HotRows(Table table, FlightClient client, FlightStream stream) {
    this.table = table;
    this.client = client;
    this.stream = stream;
  }

  /** Returns how many there were. */
  long read(RowKeys rows) {
    long count = 0;
    while (stream.next()) {
      VectorSchemaRoot root = stream.getRoot();
      Content content = new Content(root, ReadColumns.of(table));
      count += root.getRowCount();
      if (table == Table.TRACES) {
        spans(root, rows, content);
      } else {
        keyed(root, rows, content);
      }
    }
    return count;
  }

  private static void spans(VectorSchemaRoot root, RowKeys rows, Content content) {
    VarCharVector traceId = (VarCharVector) root.getVector("trace_id");
    VarCharVector spanId = (VarCharVector) root.getVector("span_id");
    for (int i = 0; i < root.getRowCount(); i++) {
      content.row = i;
      rows.span(text(traceId, i), text(spanId, i), content);
    }
  }

  private void keyed(VectorSchemaRoot root, RowKeys rows, Content content) {
    MapVector attributes = (MapVector) root.getVector("attributes");
    StructVector entries = (StructVector) attributes.getDataVector();
    VarCharVector keys = (VarCharVector) entries.getChild(MapVector.KEY_NAME);
    VarCharVector values = (VarCharVector) entries.getChild(MapVector.VALUE_NAME);
    for (int i = 0; i < root.getRowCount(); i++) {
      String found = null;
      int end = attributes.getElementEndIndex(i);
      for (int entry = attributes.getElementStartIndex(i); entry < end; entry++) {
        if (Arrays.equals(keys.get(entry), KEY)) {
          found = text(values, entry);
        }
      }
      content.row = i;
      rows.keyed(table, found, content);
    }
  }

  private static @Nullable String text(VarCharVector vector, int index) {
    return vector.isNull(index) ? null : new String(vector.get(index), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try (client) {
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close the read of " + table, e);
    }
  }

  /** Looks into one row of a batch. */
  private static final class Content implements RowContent {
    private final VectorSchemaRoot root;
    private final ReadColumns columns;
    private int row;

    Content(VectorSchemaRoot root, ReadColumns columns) {
      this.root = root;
      this.columns = columns;
    }

    @Override
    public long timeUnixNano() {
      return ((BigIntVector) root.getVector(columns.time())).get(row);
    }

    @Override
    public @Nullable String service() {
      return text((VarCharVector) root.getVector(ReadColumns.SERVICE), row);
    }

    @Override
    public @Nullable String name() {
      return text((VarCharVector) root.getVector(columns.name()), row);
    }
  }
}
