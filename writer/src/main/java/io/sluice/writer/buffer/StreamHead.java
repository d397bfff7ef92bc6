package io.sluice.writer.buffer;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.schema.wire.WireSchema;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The first message of a DoPut stream: descriptor path [log number, tenant, table] and the wire
 * schema.
 *
 * @param log which of the cluster's logs the rows are for, from 0
 * @param bytes the message itself: what the log keeps as the stream's record
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; the log compares the bytes
public record StreamHead(int log, TableKey table, byte[] bytes) {

  private static final Pattern TENANT = Pattern.compile("[a-z0-9_]{1,63}");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,5}");

  /**
   * @throws MalformedMessageException no descriptor, an unknown table, another schema
   */
  public static StreamHead parse(ByteBuffer message) throws MalformedMessageException {
    FlightFrame frame = FlightFrame.parse(message);
    List<String> path = frame.path();
    if (path == null || path.size() != 3) {
      throw new MalformedMessageException(
          "cannot open put: descriptor path is %s (expected [log number, tenant, table])"
              .formatted(path));
    }
    if (!NUMBER.matcher(path.get(0)).matches()) {
      throw new MalformedMessageException(
          "cannot open put: log '%s' (logs are numbered from 0)".formatted(path.get(0)));
    }
    String tenant = path.get(1).isEmpty() ? ReadTicket.DEFAULT_TENANT : path.get(1);
    if (!isTenant(tenant)) {
      throw new MalformedMessageException(
          "cannot open put: tenant '%s' (ids match %s)".formatted(tenant, TENANT.pattern()));
    }
    Table table =
        Table.named(path.get(2))
            .orElseThrow(
                () ->
                    new MalformedMessageException(
                        "cannot open put: table %s (tables are %s)"
                            .formatted(path.get(2), Table.all())));
    checkSchema(table, frame.header());
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    return new StreamHead(Integer.parseInt(path.get(0)), new TableKey(tenant, table), bytes);
  }

  /** Whether this can be the id of a tenant: it names a namespace of the catalog. */
  public static boolean isTenant(String id) {
    return TENANT.matcher(id).matches();
  }

  private static void checkSchema(Table table, ByteBuffer header) throws MalformedMessageException {
    Schema schema;
    try {
      Message message = Message.getRootAsMessage(copy(header));
      if (message.headerType() != MessageHeader.Schema
          || !(message.header(new org.apache.arrow.flatbuf.Schema())
              instanceof org.apache.arrow.flatbuf.Schema sent)) {
        throw new MalformedMessageException("cannot open put: the first message is no schema");
      }
      SchemaShape.require(table, sent);
      schema = MessageSerializer.deserializeSchema(message);
    } catch (RuntimeException e) {
      throw new MalformedMessageException("cannot open put: unreadable schema: " + e);
    }
    Schema expected = WireSchema.of(table);
    String version = schema.getCustomMetadata().get(WireSchema.VERSION_KEY);
    if (version != null && !version.equals(Integer.toString(WireSchema.VERSION))) {
      throw new MalformedMessageException(
          "cannot open put: wire schema version %s (this Writer reads %d)"
              .formatted(version, WireSchema.VERSION));
    }
    if (!schema.getFields().equals(expected.getFields())) {
      throw new MalformedMessageException(
          "cannot open put: schema of %s is %s, expected %s"
              .formatted(table, schema.getFields(), expected.getFields()));
    }
  }

  /** Flatbuffers wants a buffer whose position is the message's; the stream's memory moves on. */
  private static ByteBuffer copy(ByteBuffer header) {
    return ByteBuffer.allocate(header.remaining()).put(header.duplicate()).flip();
  }
}
