package io.sluice.schema.service;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Closes what was added, the last first; all of it, whatever fails. The first failure is thrown,
 * the others are suppressed in it; what is neither an IOException nor unchecked comes inside an
 * IOException. Owned by one thread.
 */
public final class Closer implements AutoCloseable {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  @CanIgnoreReturnValue
  public <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() throws IOException {
    Throwable first = closeAll();
    if (first instanceof IOException exception) {
      throw exception;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first != null) {
      throw new IOException("cannot close: " + first, first);
    }
  }

  /** Closes all after this failure, to which failures of closing are added. */
  public <E extends Throwable> E closeAfter(E failure) {
    Throwable closing = closeAll();
    if (closing != null && closing != failure) {
      failure.addSuppressed(closing);
    }
    return failure;
  }

  private @Nullable Throwable closeAll() {
    Throwable first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Throwable e) { // an Error too: the rest must be closed all the same
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    return first;
  }
}
