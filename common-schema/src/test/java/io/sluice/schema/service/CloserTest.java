package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CloserTest {

  private final List<String> closed = new ArrayList<>();
  private final Closer closer = new Closer();

  private void add(String name) {
    closer.add(() -> closed.add(name));
  }

  private void addFailing(String name, Exception failure) {
    AutoCloseable part =
        () -> {
          closed.add(name);
          throw failure;
        };
    closer.add(part);
  }

  @Test
  void lastAddedIsClosedFirst() throws IOException {
    add("a");
    add("b");
    closer.close();
    assertThat(closed).containsExactly("b", "a");
  }

  @Test
  void firstFailureWinsAndTheRestIsClosedAllTheSame() {
    add("a");
    addFailing("b", new IllegalStateException("second"));
    addFailing("c", new IOException("first"));
    assertThatThrownBy(closer::close)
        .hasMessage("first")
        .isInstanceOf(IOException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .hasToString("java.lang.IllegalStateException: second"));
    assertThat(closed).containsExactly("c", "b", "a");
  }

  @Test
  void failureOfOpeningKeepsFailuresOfClosing() {
    addFailing("a", new Exception("closing"));
    RuntimeException opening = new RuntimeException("opening");
    assertThat(closer.closeAfter(opening)).isSameAs(opening);
    assertThat(opening.getSuppressed()).hasSize(1);
  }
}
