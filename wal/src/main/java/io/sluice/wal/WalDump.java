package io.sluice.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a log's directory holds, one line a record, and says where bytes are none. Read-only
 * and without the lock.
 */
public final class WalDump {
  private final Storage storage;
  private final Function<byte[], String> streamSummary;
  private final Consumer<String> out;

  private WalDump(Storage storage, Function<byte[], String> streamSummary, Consumer<String> out) {
    this.storage = storage;
    this.streamSummary = streamSummary;
    this.out = out;
  }

  /**
   * @param streamSummary says in a few words what a stream's first message is
   * @param out takes a line without its end
   * @throws IOException the directory cannot be read, or is no log's
   */
  public static void dump(
      Path directory, Function<byte[], String> streamSummary, Consumer<String> out)
      throws IOException {
    dump(FileStorage.log(directory), streamSummary, out);
  }

  static void dump(Storage storage, Function<byte[], String> streamSummary, Consumer<String> out)
      throws IOException {
    WalDump dump = new WalDump(storage, streamSummary, out);
    for (SegmentSurvey.Entry entry : SegmentSurvey.of(storage).entries()) {
      dump.segment(entry);
    }
  }

  private void segment(SegmentSurvey.Entry entry) throws IOException {
    SegmentHeader header = entry.header();
    if (header == null) {
      out.accept("%s DAMAGED %s".formatted(entry.file(), message(entry.failure())));
      return;
    }
    out.accept(
        "%s segment log=%s first=%d bytes=%d nonce=%08x time=%d after=%d up-to=%d"
            .formatted(
                entry.file(),
                header.logId(),
                header.firstPosition(),
                header.length(),
                header.nonce(),
                header.logTimeMicros(),
                header.predecessor(),
                header.predecessorEnd()));
    try (Storage.StorageFile file = storage.open(entry.file(), Storage.Access.READ)) {
      SegmentReader reader = new SegmentReader(file, header, new StreamInterner());
      records(entry, reader);
      Damage damage = reader.damage();
      if (damage != null) {
        boolean isEnd = entry.endUnknown() && !isProved(file, header, reader);
        out.accept(
            isEnd
                ? "%s %d end (see 'sluice wal verify')".formatted(entry.file(), damage.offset())
                : stopped(damage, entry));
      }
    }
  }

  private static String message(@Nullable IOException failure) {
    return failure instanceof CorruptLogException damage
        ? damage.what()
        : String.valueOf(failure == null ? null : failure.getMessage());
  }

  /** Whether what is behind it was forced after it. */
  private static boolean isProved(
      Storage.StorageFile file, SegmentHeader header, SegmentReader reader) throws IOException {
    return TailScan.search(file, header, reader.offset(), reader.lastPosition()) != null;
  }

  private String stopped(Damage damage, SegmentSurvey.Entry entry) {
    return "%s %d DAMAGED expected %s, found %s; the rest of this segment is not shown (run 'sluice wal verify %s', which names all damage)"
        .formatted(
            entry.file(), damage.offset(), damage.expected(), damage.actual(), storage.describe());
  }

  private void records(SegmentSurvey.Entry entry, SegmentReader reader) throws IOException {
    RecordHeader record = reader.next(entry.end());
    while (record != null) {
      out.accept(line(entry.file(), record, reader));
      record = reader.next(entry.end());
    }
  }

  private String line(String file, RecordHeader record, SegmentReader reader) {
    String type =
        switch (record.type()) {
          case RecordHeader.STREAM -> "stream";
          case RecordHeader.BATCHES -> "batches";
          case RecordHeader.HOLE -> "hole";
          default -> "mark";
        };
    String line =
        "%s %d %s position=%d forced=%d stream=%d bytes=%d%s time=%d crc=ok"
            .formatted(
                file,
                reader.recordAt(),
                type,
                record.position(),
                record.forcedUpTo(),
                record.stream(),
                record.payloadLength(),
                (record.flags() & RecordHeader.ZSTD) == 0 ? "" : " zstd",
                record.logTimeMicros());
    boolean streamless = record.type() == RecordHeader.MARK || record.type() == RecordHeader.HOLE;
    return streamless ? line : line + " " + streamSummary.apply(reader.stream(record));
  }
}
