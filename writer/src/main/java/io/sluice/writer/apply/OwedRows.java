package io.sluice.writer.apply;

import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.writer.buffer.BatchRows;
import io.sluice.writer.buffer.LoggedPart;
import io.sluice.writer.buffer.LoggedRows;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows on disk only: in the log, or in a parked file. Thread-safe. */
public final class OwedRows implements LoggedRows {

  private static final Logger LOG = LoggerFactory.getLogger(OwedRows.class);

  private final LogRows log;
  private final ParkedSets parked;

  public OwedRows(LogRows log, ParkedSets parked) {
    this.log = log;
    this.parked = parked;
  }

  @Override
  public Cursor open(TableKey table, LoggedPart part, long after) throws IOException {
    return part.parked()
        ? new ParkedCursor(table, after, parked.open(table, part))
        : log.open(table, part, after);
  }

  private final class ParkedCursor implements Cursor {

    private final TableKey table;
    private final long after;
    private final ParkedFile.Reader file;

    ParkedCursor(TableKey table, long after, ParkedFile.Reader file) {
      this.table = table;
      this.after = after;
      this.file = file;
    }

    @Override
    public @Nullable BatchRows next() throws IOException {
      ParkedFile.Entry entry = file.read();
      while (entry != null && entry.position() <= after) {
        entry = file.read();
      }
      return entry == null ? null : rows(entry);
    }

    private BatchRows rows(ParkedFile.Entry entry) throws IOException {
      try {
        PutMetadata metadata = PutMetadata.parse(FlightFrame.parse(entry.payload()).metadata());
        int[] counting = CountingRows.of(metadata, entry::isVoid);
        return log.load(table, entry.position(), entry.payload(), counting);
      } catch (MalformedMessageException | OutOfMemoryException e) {
        throw new IOException(
            "cannot read back parked position %d of %s: %s"
                .formatted(entry.position(), table, e.getMessage()),
            e);
      }
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("cannot close a file of parked rows of {}", table, e);
      }
    }
  }
}
