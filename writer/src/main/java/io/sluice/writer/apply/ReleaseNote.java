package io.sluice.writer.apply;

import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the leader of a replicated log tells all replicas, itself included, by a record of the log:
 * what may be let go, and what bounds the window from here on. Nothing else moves release points or
 * limits of the window, so that its decisions are a function of the log.
 *
 * <pre>
 * version u32 = 1 | most ids u32 | age of ids, micros u64 | released u64 | tables u32
 * per table: uuid 16 | mark u64 | tenant length u16 | name length u16 | tenant, name in UTF-8
 *                                                                     (little-endian)
 * </pre>
 *
 * @param released no table is owed anything at or below it
 * @param tables how far each table that has rows of this log holds it, and which table it is; uuid
 *     0 if that is not known
 */
record ReleaseNote(long released, Window.Limits limits, List<ReleasedTables.Entry> tables) {

  private static final int VERSION = 1;
  private static final int HEAD = 28;
  private static final int TABLE_HEAD = 28;

  ByteBuffer encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(VERSION).putInt(limits.maxEntries()).putLong(limits.ageMicros());
    head.putLong(released).putInt(tables.size());
    out.writeBytes(head.array());
    for (ReleasedTables.Entry entry : tables) {
      byte[] tenant = entry.table().tenant().getBytes(StandardCharsets.UTF_8);
      byte[] name = entry.table().table().tableName().getBytes(StandardCharsets.UTF_8);
      ByteBuffer table = ByteBuffer.allocate(TABLE_HEAD).order(ByteOrder.LITTLE_ENDIAN);
      table.putLong(entry.uuid().getMostSignificantBits());
      table.putLong(entry.uuid().getLeastSignificantBits());
      table.putLong(entry.mark());
      table.putShort((short) tenant.length).putShort((short) name.length);
      out.writeBytes(table.array());
      out.writeBytes(tenant);
      out.writeBytes(name);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  /**
   * @throws IllegalArgumentException it is of another version, or not what this release writes: a
   *     replica that passed over it would decide otherwise than the others
   */
  static ReleaseNote decode(ByteBuffer note) {
    ByteBuffer in = note.slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      int version = in.getInt();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "its version is %d, expected %d (run the release of the Writer that leads)"
                .formatted(version, VERSION));
      }
      int room = in.getInt();
      Window.Limits limits = new Window.Limits(in.getLong(), room);
      long released = in.getLong();
      List<ReleasedTables.Entry> tables = new ArrayList<>();
      for (int left = in.getInt(); left > 0; left--) {
        UUID uuid = new UUID(in.getLong(), in.getLong());
        long mark = in.getLong();
        int tenantLength = Short.toUnsignedInt(in.getShort());
        int nameLength = Short.toUnsignedInt(in.getShort());
        TableKey key = new TableKey(text(in, tenantLength), table(text(in, nameLength)));
        tables.add(new ReleasedTables.Entry(key, uuid, mark));
      }
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("%d bytes are left over".formatted(in.remaining()));
      }
      return new ReleaseNote(released, limits, List.copyOf(tables));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it ends after %d bytes".formatted(in.limit()), e);
    }
  }

  private static String text(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Table table(String name) {
    return Table.named(name)
        .orElseThrow(() -> new IllegalArgumentException("it names table " + name));
  }
}
