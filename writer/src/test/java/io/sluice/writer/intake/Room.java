package io.sluice.writer.intake;

import io.sluice.writer.buffer.TableKey;
import org.jspecify.annotations.Nullable;

/** There is always room. */
record Room() implements Persisting {

  @Override
  public long bytesOver() {
    return -1;
  }

  @Override
  public boolean hasTooManyBatches() {
    return false;
  }

  @Override
  public long bytesFreed() {
    return 0;
  }

  @Override
  public @Nullable String failure() {
    return null;
  }

  @Override
  public @Nullable String refusal(TableKey table) {
    return null;
  }
}
