package io.sluice.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class SluiceBoxTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void aPortThatSomebodyTookMeanwhileIsChosenAnew() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ports free = Ports.free();
      Ports clash =
          new Ports(
              free.otlpGrpc(),
              free.otlpHttp(),
              taken.getLocalPort(),
              free.writerAdmin(),
              free.acceptorAdmin());
      Deque<Ports> choices = new ArrayDeque<>(List.of(clash, Ports.free(), Ports.free()));
      try (SluiceBox box =
          new SluiceBox(directory, List.of(), choices::remove, SluiceBox.Wiring.SHIPPED)) {
        box.start();

        assertThat(box.flight().port()).isNotEqualTo(taken.getLocalPort());
        box.requireRunning();
        box.stop();
      }
    }
  }

  @Test
  void aServiceThatEndsByItselfIsFoundOut() throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      ProcessHandle writer = ProcessHandle.of(box.writer().pid()).orElseThrow();
      writer.destroyForcibly();
      writer.onExit().join();

      assertThatThrownBy(box::requireRunning)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("writer ended by itself: exit code");
      assertThatThrownBy(() -> box.writer().kill())
          .hasMessageContaining("writer ended by itself: exit code");
      assertThatThrownBy(box::stop).hasMessageContaining("writer ended by itself: exit code");
    }
  }
}
