package io.sluice.query;

import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one log that its leader pinned when it was opened, as an Arrow stream that can be
 * read once. One thread reads it; a failure stays in it, because the C interface that DuckDB reads
 * through loses the reason.
 */
public final class HotRows extends ArrowReader {

  private static final String LOG = "sluice.log";
  private static final String POSITION = "sluice.position";
  private static final String PARTIAL = "sluice.partial";

  private final LogPlace log;
  private final WriterClient writer;
  private final ReadTicket ticket;
  private final FlightStream stream;
  private final long position;
  private final @Nullable String partial;
  private final Schema schema;
  private volatile @Nullable ReadException failure;
  private boolean closed;

  private HotRows(
      LogPlace log,
      WriterClient writer,
      ReadTicket ticket,
      FlightStream stream,
      long position,
      @Nullable String partial,
      BufferAllocator allocator) {
    super(allocator);
    this.log = log;
    this.writer = writer;
    this.ticket = ticket;
    this.stream = stream;
    this.position = position;
    this.partial = partial;
    this.schema = new Schema(stream.getSchema().getFields());
  }

  /**
   * Waits until they are pinned. A stream that cannot be used is closed.
   *
   * @param stream which was started at the log's leader
   * @param expected the columns that were asked for, as the table has them
   */
  static HotRows pinned(
      WriterClient writer,
      LogPlace log,
      ReadTicket ticket,
      FlightStream stream,
      Schema expected,
      BufferAllocator allocator,
      Duration atMost)
      throws ReadException {
    try {
      Schema schema = writer.pinned(stream, log.of(ticket), atMost);
      Map<String, String> about = about(schema);
      long position = check(log, ticket, about);
      checkColumns(log, ticket, schema.getFields(), expected.getFields());
      return new HotRows(log, writer, ticket, stream, position, about.get(PARTIAL), allocator);
    } catch (ReadException | RuntimeException e) {
      close(stream, e);
      throw e;
    }
  }

  /** The log they are from. */
  public UUID logId() {
    return log.id();
  }

  /** The log's position up to which they are complete. */
  public long position() {
    return position;
  }

  /** Why they may not be all up to that position; null if they are. */
  public @Nullable String partial() {
    return partial;
  }

  /** Why reading them failed, if it did. */
  public @Nullable ReadException failure() {
    return failure;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    ReadException before = failure;
    if (before != null) { // DuckDB may ask again, and the first reason is the right one
      throw new IOException(before.getMessage(), before);
    }
    prepareLoadNextBatch();
    try {
      do {
        if (!writer.next(stream)) {
          return false;
        }
      } while (stream.getRoot().getRowCount() == 0); // a sign of life, while a log is replayed
      try (ArrowRecordBatch batch = new VectorUnloader(stream.getRoot()).getRecordBatch()) {
        loadRecordBatch(batch);
      }
      return true;
    } catch (FlightRuntimeException e) {
      ReadException why =
          new BrokenReadException(writer.failure("go on reading " + log.of(ticket), e));
      failure = why;
      throw new IOException(why.getMessage(), why);
    }
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }

  /** Cancels what is not read yet. */
  @Override
  protected void closeReadSource() throws IOException {
    if (closed) {
      return; // DuckDB closes it once it has read it, and its opener does so again
    }
    closed = true;
    try {
      stream.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot close stream of " + ticket.table(), e);
    }
  }

  private static Map<String, String> about(Schema schema) {
    Map<String, String> about = schema.getCustomMetadata();
    return about == null ? Map.of() : about;
  }

  private static long check(LogPlace log, ReadTicket ticket, Map<String, String> about)
      throws ReadException {
    if (!log.id().toString().equals(about.get(LOG))) {
      throw new ReadException(
          "cannot read %s: Writer %s serves log %s, not %s (ask again)"
              .formatted(ticket.table(), log.leader(), about.get(LOG), log.id()),
          null);
    }
    long after = ticket.after().getOrDefault(log.id(), 0L);
    long position = Long.parseLong(about.getOrDefault(POSITION, "-1"));
    if (position < after) {
      throw new ReadException(
          "cannot read %s: Writer %s has log %s only up to %d, the table has it up to %d (ask again)"
              .formatted(ticket.table(), log.leader(), log.id(), position, after),
          null);
    }
    return position;
  }

  private static void checkColumns(
      LogPlace log, ReadTicket ticket, List<Field> found, List<Field> expected)
      throws ReadException {
    // in any order: another engine may have moved a promoted one since the Writer loaded the table
    if (found.size() != expected.size() || !found.containsAll(expected)) {
      throw new ReadException(
          "cannot read %s: Writer %s sends columns %s, not %s (use the same version of both)"
              .formatted(ticket.table(), log.leader(), found, expected),
          null);
    }
  }

  /** Gives up a stream; what goes wrong is added to the exception. */
  static void close(FlightStream stream, Exception failure) {
    try {
      stream.close();
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
