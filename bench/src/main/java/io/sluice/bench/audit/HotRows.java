package io.sluice.bench.audit;

import io.grpc.ChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.bench.record.RunKeys;
import io.sluice.query.LogPlace;
import io.sluice.query.Patience;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
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
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What one log has of one table, pinned when this is opened. It is taken into a file first, as the
 * Writer may end a stream in its middle: rows are told only when all of them are there. One thread
 * uses it.
 */
final class HotRows implements AutoCloseable {

  private static final Duration OPEN = Duration.ofSeconds(10);
  private static final byte[] KEY = RunKeys.ATTRIBUTE.getBytes(StandardCharsets.UTF_8);

  private final Table table;
  private final FlightClient client;
  private final FlightStream stream;
  private final BufferAllocator allocator;
  private final Patience patience;
  private final Path file;

  /**
   * Returns when the log's leader has pinned the read.
   *
   * @throws FlightRuntimeException it cannot, now or ever, or what it pinned is not what was asked
   */
  static HotRows open(
      BufferAllocator allocator,
      ChannelCredentials credentials,
      LogPlace log,
      ReadTicket ofTable,
      Patience patience)
      throws IOException {
    HostPort writer = log.leader();
    ReadTicket ticket = log.ticket(ofTable);
    FlightClient client =
        FlightGrpcUtils.createFlightClient(
            allocator,
            NettyChannelBuilder.forAddress(writer.host(), writer.port(), credentials)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build());
    @Nullable FlightStream stream = null;
    try {
      stream = client.getStream(new Ticket(ticket.toJson()));
      check(log, patience.await(stream, stream::getSchema, OPEN));
      Path file = Files.createTempFile("sluice-hot-", ".arrow");
      return new HotRows(ticket.table(), client, stream, allocator, patience, file);
    } catch (RuntimeException | IOException e) {
      close(stream, client, e);
      throw e;
    }
  }

  /** A stream of another log would be doubled rows and a hole, one that is partial a hole. */
  private static void check(LogPlace log, Schema schema) {
    Map<String, String> about = schema.getCustomMetadata();
    String found = about.get("sluice.log");
    if (!log.id().toString().equals(found) || about.containsKey("sluice.partial")) {
      throw CallStatus.INTERNAL
          .withDescription(
              "cannot read log %d (%s): Writer %s gives log %s, partial: %s"
                  .formatted(
                      log.number(), log.id(), log.leader(), found, about.get("sluice.partial")))
          .toRuntimeException();
    }
  }

  private static void close(@Nullable FlightStream stream, FlightClient client, Exception cause) {
    try (client) {
      if (stream != null) {
        stream.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cause.addSuppressed(e);
    } catch (Exception e) {
      cause.addSuppressed(e);
    }
  }

  private HotRows(
      Table table,
      FlightClient client,
      FlightStream stream,
      BufferAllocator allocator,
      Patience patience,
      Path file) {
    this.table = table;
    this.client = client;
    this.stream = stream;
    this.allocator = allocator;
    this.patience = patience;
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
      return patience.await(stream, stream::next);
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
