package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * What one Writer has of one table, pinned when this is opened. It is taken into a file first, as
 * the Writer may end a stream in its middle: rows are told only when all of them are there. One
 * thread uses it.
 */
final class HotRows implements AutoCloseable {

  private static final byte[] KEY = RunKeys.ATTRIBUTE.getBytes(StandardCharsets.UTF_8);

  private final Table table;
  private final FlightClient client;
  private final FlightStream stream;
  private final BufferAllocator allocator;
  private final Path file;

  /**
   * Returns when the Writer has pinned the read.
   *
   * @throws FlightRuntimeException it cannot, now or ever
   */
  static HotRows open(BufferAllocator allocator, HostPort writer, ReadTicket ticket)
      throws IOException {
    FlightClient client =
        FlightClient.builder(allocator, Location.forGrpcInsecure(writer.host(), writer.port()))
            .build();
    try {
      FlightStream stream = client.getStream(new Ticket(ticket.toJson()));
      stream.getSchema();
      Path file = Files.createTempFile("sluice-hot-", ".arrow");
      return new HotRows(ticket.table(), client, stream, allocator, file);
    } catch (RuntimeException | IOException e) {
      close(client, e);
      throw e;
    }
  }

  private static void close(FlightClient client, Exception cause) {
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cause.addSuppressed(e);
    }
  }

  private HotRows(
      Table table, FlightClient client, FlightStream stream, BufferAllocator allocator, Path file) {
    this.table = table;
    this.client = client;
    this.stream = stream;
    this.allocator = allocator;
    this.file = file;
  }

  /**
   * Takes all of them, or as many as the pace wants.
   *
   * @throws FlightRuntimeException the Writer ends it before
   */
  void take(Pace pace) throws IOException, InterruptedException {
    try (FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE);
        ArrowStreamWriter writer =
            new ArrowStreamWriter(
                stream.getRoot(), new DictionaryProvider.MapDictionaryProvider(), to)) {
      writer.start();
      int taken = 0;
      while (pace.next(taken) && next(pace)) {
        if (stream.getRoot().getRowCount() > 0) {
          writer.writeBatch();
          taken++;
        }
      }
      writer.end();
    }
  }

  private boolean next(Pace pace) {
    try {
      return stream.next();
    } catch (FlightRuntimeException e) {
      if (pace.follows()) {
        return false;
      }
      throw e;
    }
  }

  /** Tells of those that were taken; returns how many there are. */
  long read(RowKeys rows) throws IOException {
    long count = 0;
    try (InputStream from = new BufferedInputStream(Files.newInputStream(file));
        ArrowStreamReader reader = new ArrowStreamReader(from, allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        Content content = new Content(root, ReadColumns.of(table));
        count += root.getRowCount();
        if (table == Table.TRACES) {
          spans(root, rows, content);
        } else {
          keyed(root, rows, content);
        }
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
      Files.deleteIfExists(file);
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
