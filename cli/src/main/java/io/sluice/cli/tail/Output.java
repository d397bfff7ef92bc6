package io.sluice.cli.tail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go. The streams' threads write, one at a time, and are held up by a terminal that is:
 * then their Writers are, who cut a reader that takes nothing for too long.
 */
public final class Output {

  /** What happens when it can be written no more; once. */
  public interface End {
    void ended(IOException why);
  }

  /** What is written at once, about. */
  static final int BATCH_CHARS = 1 << 16;

  private final OutputStream out;
  private final End end;
  private @Nullable IOException failure;

  /**
   * @param out not buffered
   */
  public Output(OutputStream out, End end) {
    this.out = out;
    this.end = end;
  }

  /** Writes whole lines. After a failure nothing is written. */
  public synchronized void write(StringBuilder lines) {
    if (failure != null) {
      return;
    }
    try {
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      failure = e;
      end.ended(e);
    }
  }
}
