package io.sluice.writer.apply;

import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Which tables a log's released records are in, written before the log is released. A start that
 * finds other tables, or lower marks, knows that a table was dropped, replaced or put back to an
 * older state, or that it looks into another catalog.
 *
 * <pre>
 * sluice-tables 1 LOG-ID
 * TENANT TABLE UUID MARK          one line a table
 * crc32c HEX                      of all bytes before this line
 * </pre>
 */
public final class ReleasedTables {

  private static final String FORM = "sluice-tables 1 ";
  private static final String CRC = "crc32c ";
  private static final String NAME = "tables";

  private final Directory directory;
  private final UUID logId;

  public ReleasedTables(Path directory, UUID logId) {
    this(new FileDirectory(directory), logId);
  }

  ReleasedTables(Directory directory, UUID logId) {
    this.directory = directory;
    this.logId = logId;
  }

  /** A table as it was when the log was last released: never higher than what it holds. */
  public record Entry(TableKey table, UUID uuid, long mark) {}

  /** Where the file is, for messages. */
  public String file() {
    return directory.describe(NAME);
  }

  /** Durable when it returns. One thread writes at a time. */
  void write(List<Entry> entries) throws IOException {
    byte[] bytes = bytes(logId, entries);
    ForcedFile.replace(directory, NAME, out -> out.write(ByteBuffer.wrap(bytes)));
  }

  static byte[] bytes(UUID logId, List<Entry> entries) {
    StringBuilder text = new StringBuilder(FORM).append(logId).append('\n');
    for (Entry entry : entries) {
      text.append(entry.table().tenant()).append(' ').append(entry.table().table().tableName());
      text.append(' ').append(entry.uuid()).append(' ').append(entry.mark()).append('\n');
    }
    String crc = crc(text.toString());
    text.append(CRC).append(crc).append('\n');
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Empty if there is no such file.
   *
   * @throws IOException it is damaged, of another version, or of another log
   */
  public List<Entry> read() throws IOException {
    Optional<ReadableByteChannel> there = directory.read(NAME);
    if (there.isEmpty()) {
      return List.of();
    }
    try (ReadableByteChannel in = there.get()) {
      return parse(Channels.newInputStream(in).readAllBytes(), logId, file());
    }
  }

  static List<Entry> parse(byte[] bytes, UUID logId, String file) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.lastIndexOf(CRC);
    if (end < 0 || !text.substring(end).equals(CRC + crc(text.substring(0, end)) + "\n")) {
      throw new IOException("cannot read %s: its checksum is wrong".formatted(file));
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (!lines.get(0).equals(FORM + logId)) {
      throw new IOException(
          "cannot read %s: it begins with '%s', expected '%s%s' (a log and the files beside it belong together)"
              .formatted(file, lines.get(0), FORM, logId));
    }
    List<Entry> entries = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      entries.add(entry(line, file));
    }
    return entries;
  }

  private static Entry entry(String line, String file) throws IOException {
    String[] words = line.split(" ", -1);
    if (words.length != 4 || Table.named(words[1]).isEmpty()) {
      throw new IOException("cannot read %s: '%s' is no table".formatted(file, line));
    }
    TableKey table = new TableKey(words[0], Table.named(words[1]).orElseThrow());
    return new Entry(table, UUID.fromString(words[2]), Long.parseLong(words[3]));
  }

  private static String crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
