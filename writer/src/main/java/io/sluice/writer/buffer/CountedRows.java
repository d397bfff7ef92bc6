package io.sluice.writer.buffer;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what is read back as long as it is held. */
record CountedRows(LoggedRows rows, AtomicLong heldBytes) implements LoggedRows {

  @Override
  public Cursor open(TableKey table, LoggedPart part, long after) throws IOException {
    Cursor cursor = rows.open(table, part, after);
    return new Cursor() {
      @Override
      public @Nullable BatchRows next() throws IOException {
        BatchRows next = cursor.next();
        if (next != null) {
          next.batch().countIn(heldBytes, heldBytes);
        }
        return next;
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }
}
