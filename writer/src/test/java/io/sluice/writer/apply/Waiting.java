package io.sluice.writer.apply;

import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.LoadedBatch;
import java.util.List;

/** One who appended and looks at no answer. */
public record Waiting(LoadedBatch batch) implements Applied, LogRecord.Attachment {
  @Override
  public void applied(List<Boolean> repeats) {}

  @Override
  public void durable() {
    throw new AssertionError("a test's own apply is never behind");
  }

  @Override
  public void failed(LogFailedException cause) {
    throw new AssertionError(cause);
  }
}
