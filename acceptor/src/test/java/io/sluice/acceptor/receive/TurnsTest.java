package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whoever has much to do holds up nobody who has little. */
final class TurnsTest {

  private final Deque<Runnable> given = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private boolean closed;
  private final Turns turns =
      new Turns(
          task -> {
            if (closed) {
              throw new RejectedExecutionException();
            }
            given.add(task);
          });

  private void work(String who, String name) {
    turns.of(who).execute(() -> done.add(name));
  }

  private void runAll() {
    while (!given.isEmpty()) {
      given.remove().run();
    }
  }

  @Test
  void oneAfterTheOtherHasATurnAndEachInItsOrder() {
    for (int i = 0; i < 4; i++) {
      work("flood", "flood " + i);
    }
    work("quiet", "quiet 0");
    work("other", "other 0");
    work("quiet", "quiet 1");
    runAll();
    assertThat(done)
        .containsExactly(
            "flood 0", "quiet 0", "other 0", "flood 1", "quiet 1", "flood 2", "flood 3");
  }

  @Test
  void whatIsRejectedIsNotRunByWhoComesNext() {
    work("a", "a 0");
    closed = true;
    assertThatThrownBy(() -> work("a", "a 1")).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> work("b", "b 0")).isInstanceOf(RejectedExecutionException.class);
    runAll();
    assertThat(done).containsExactly("a 0");
  }
}
