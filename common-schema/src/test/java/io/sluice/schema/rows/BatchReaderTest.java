package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.sluice.schema.slow.RandomMessages;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.WireSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;

/** Against Arrow's own loader, whatever the batch says of nulls. */
class BatchReaderTest {

  private static final int PREFIX = 8; // continuation and length of the header

  @Property(tries = 200)
  void rowsAreThoseThatArrowLoads(@ForAll long seed, @ForAll boolean odd)
      throws IOException, MalformedMessageException {
    Random random = new Random(seed);
    SlowWire slow = request(random);
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = slow.load(allocator);
        ArrowRecordBatch as = new VectorUnloader(wire).getRecordBatch();
        ArrowRecordBatch batch = odd ? odd(as, slow.table(), random, allocator) : copy(as)) {
      int rows = slow.rows();
      int[] ends = rows == 0 ? new int[0] : new int[] {rows};
      long[] received = new long[ends.length];
      ByteBuffer ipc = ByteBuffer.wrap(bytes(batch)).order(ByteOrder.LITTLE_ENDIAN);
      int headerBytes = ipc.getInt(Integer.BYTES);
      RecordBatch header = header(ipc.slice(PREFIX, headerBytes));
      int bodyBytes = ipc.capacity() - PREFIX - headerBytes;
      try (ArrowBuf body = allocator.buffer(Math.max(1, bodyBytes));
          VectorSchemaRoot loaded =
              VectorSchemaRoot.create(WireSchema.of(slow.table()), allocator)) {
        body.setBytes(0, ipc.array(), PREFIX + headerBytes, bodyBytes);
        new VectorLoader(loaded).load(batch);
        WireBatch expected = new WireBatch(slow.table(), loaded, ends, received, EventTime.DEFAULT);
        WireBatch actual =
            WireBatch.read(
                slow.table(),
                header,
                body.memoryAddress(),
                bodyBytes,
                ends,
                received,
                EventTime.DEFAULT);
        assertThat(contentOf(actual)).isEqualTo(contentOf(expected));
        assertSame(slow.table(), allocator, actual, expected);
      }
    }
  }

  /** A column more, or less, than the table has is never taken for another. */
  @Example
  void batchOfAnotherTableIsRefused() throws IOException {
    SlowWire logs = SlowWire.of(ExportLogsServiceRequest.getDefaultInstance());
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = logs.load(allocator);
        ArrowRecordBatch batch = new VectorUnloader(wire).getRecordBatch()) {
      ByteBuffer ipc = ByteBuffer.wrap(bytes(batch)).order(ByteOrder.LITTLE_ENDIAN);
      RecordBatch header = header(ipc.slice(PREFIX, ipc.getInt(Integer.BYTES)));
      assertThatThrownBy(() -> BatchReader.read(Table.TRACES, header, 0, 0))
          .isInstanceOf(MalformedMessageException.class)
          .hasMessageStartingWith("cannot load batch: it has ");
    }
  }

  @Example
  void bitmapThatIsNotThereThoughSomeAreNullIsRefused() throws IOException {
    SlowWire one = SlowWire.of(ExportLogsServiceRequest.getDefaultInstance());
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = one.load(allocator);
        ArrowRecordBatch empty = new VectorUnloader(wire).getRecordBatch()) {
      List<ArrowFieldNode> nodes = new ArrayList<>(empty.getNodes());
      nodes.set(2, new ArrowFieldNode(5, 2)); // the struct of the resource
      try (ArrowRecordBatch batch = new ArrowRecordBatch(0, nodes, empty.getBuffers())) {
        ByteBuffer ipc = ByteBuffer.wrap(bytes(batch)).order(ByteOrder.LITTLE_ENDIAN);
        RecordBatch header = header(ipc.slice(PREFIX, ipc.getInt(Integer.BYTES)));
        assertThatThrownBy(() -> BatchReader.read(Table.LOGS, header, 0, 1 << 20))
            .hasMessage("cannot load batch: values validity has 0 bytes, expected 1");
      }
    }
  }

  private static SlowWire request(Random random) throws IOException {
    RandomMessages messages = new RandomMessages(random.nextLong(), random.nextBoolean());
    Table table = List.copyOf(Table.all()).get(random.nextInt(Table.all().size()));
    return switch (table) {
      case TRACES -> SlowWire.of(messages.next(ExportTraceServiceRequest.getDefaultInstance()));
      case LOGS -> SlowWire.of(messages.next(ExportLogsServiceRequest.getDefaultInstance()));
      case PROFILES ->
          SlowWire.of(messages.next(ExportProfilesServiceRequest.getDefaultInstance()));
      default ->
          SlowWire.of(table, messages.next(ExportMetricsServiceRequest.getDefaultInstance()));
    };
  }

  private static void assertSame(
      Table table, BufferAllocator allocator, WireBatch actual, WireBatch expected) {
    try (RowExpander ours = new RowExpander(table, allocator);
        RowExpander arrows = new RowExpander(table, allocator)) {
      int rows = expected.rows();
      assertThat(ours.append(actual, 0, rows, Long.MAX_VALUE)).isEqualTo(rows);
      assertThat(arrows.append(expected, 0, rows, Long.MAX_VALUE)).isEqualTo(rows);
      assertThat(ours.finish().equals(arrows.finish())).isTrue();
    }
    for (int row = 0; row < expected.rows(); row++) {
      assertThat(actual.timeMicros(row)).isEqualTo(expected.timeMicros(row));
      assertThat(actual.serviceName(row)).isEqualTo(expected.serviceName(row));
    }
  }

  /** What the check of content finds. */
  private static String contentOf(WireBatch batch) {
    try {
      ContentCheck.check(batch);
      return "";
    } catch (MalformedMessageException e) {
      return e.getMessage().replace("$data$", "element"); // as Arrow calls a list's values
    }
  }

  private static ArrowRecordBatch copy(ArrowRecordBatch of) {
    return new ArrowRecordBatch(of.getLength(), of.getNodes(), of.getBuffers());
  }

  /** Some columns say that none is null, or all are, or have no bitmap. Not the ends of runs. */
  private static ArrowRecordBatch odd(
      ArrowRecordBatch of, Table table, Random random, BufferAllocator allocator) {
    List<ArrowFieldNode> nodes = new ArrayList<>(of.getNodes());
    List<ArrowBuf> buffers = new ArrayList<>(of.getBuffers());
    int[] at = {0, 0};
    for (Field field : WireSchema.of(table).getFields()) {
      odd(field, nodes, buffers, at, random, allocator);
    }
    return new ArrowRecordBatch(of.getLength(), nodes, buffers);
  }

  private static void odd(
      Field field,
      List<ArrowFieldNode> nodes,
      List<ArrowBuf> buffers,
      int[] at,
      Random random,
      BufferAllocator allocator) {
    int length = nodes.get(at[0]).getLength();
    int own = TypeLayout.getTypeBufferCount(field.getType());
    if (own > 0 && !field.getName().equals("run_ends")) {
      switch (random.nextInt(6)) {
        case 0 -> nodes.set(at[0], new ArrowFieldNode(length, 0));
        case 1 -> nodes.set(at[0], new ArrowFieldNode(length, length));
        case 2 -> {
          nodes.set(at[0], new ArrowFieldNode(length, random.nextBoolean() ? 0 : length));
          buffers.set(at[1], allocator.getEmpty());
        }
        default -> {}
      }
    }
    at[0]++;
    at[1] += own;
    for (Field child : field.getChildren()) {
      odd(child, nodes, buffers, at, random, allocator);
    }
  }

  private static byte[] bytes(ArrowRecordBatch batch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (WriteChannel out = new WriteChannel(Channels.newChannel(bytes))) {
      MessageSerializer.serialize(out, batch);
    }
    return bytes.toByteArray();
  }

  private static RecordBatch header(ByteBuffer bytes) {
    return (RecordBatch) Message.getRootAsMessage(bytes).header(new RecordBatch());
  }
}
