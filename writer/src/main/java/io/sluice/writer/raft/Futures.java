package io.sluice.writer.raft;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A future whose end is told to one, and to nobody else. */
final class Futures {

  private static final Logger LOG = LoggerFactory.getLogger(Futures.class);

  private Futures() {}

  static <T> void whenDone(
      CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> told) {
    CompletableFuture<T> done =
        future.whenComplete(
            (value, cause) -> {
              try {
                told.accept(value, cause);
              } catch (RuntimeException e) {
                LOG.error("cannot tell how a request ended", e);
              }
            });
    LOG.trace("{}", done);
  }
}
