package io.sluice.writer.apply;

import io.sluice.writer.buffer.LoadedBatch;
import java.util.List;

/**
 * The one who appended a record and waits for it to be applied; an apply that is behind has none.
 */
public interface Applied {

  /** The record's rows; the apply thread owns them from {@code apply} on. */
  LoadedBatch batch();

  /**
   * Called once, on the apply thread, when the record is durable, decided and readable.
   *
   * @param repeats for each batch, whether it was a repeat
   */
  void applied(List<Boolean> repeats);
}
