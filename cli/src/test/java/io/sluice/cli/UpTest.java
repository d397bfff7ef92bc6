package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class UpTest {

  @TempDir private Path directory;

  @Test
  void termStopsTheAcceptorFirstThenTheWriterAndEndsWellLikeInterrupt() throws Exception {
    for (String signal : List.of("TERM", RunningUp.interrupt())) {
      Path own = Files.createTempDirectory(directory, signal);
      try (RunningUp up = RunningUp.start(own)) {
        up.awaitLine("ready");
        RunningUp.signal(signal, up.process().pid());
        assertThat(up.awaitEnd()).isZero();
        assertThat(up.events().subList(2, 4)).containsExactly("acceptor stopped", "writer stopped");
      }
    }
  }

  @Test
  void endpointsComeBeforeReadyAndWarningsAreShown() throws Exception {
    try (RunningUp up = RunningUp.start(directory)) {
      up.awaitLine("ready");
      assertThat(up.said()).contains("endpoints");
      assertThat(up.said())
          .anyMatch(line -> line.equals("writer | 2026-11-22 12:00:00 WARN careful"));
      assertThat(up.said()).noneMatch(line -> line.contains("INFO started"));
      RunningUp.signal("TERM", up.process().pid());
      assertThat(up.awaitEnd()).isZero();
      assertThat(Files.readAllLines(directory.resolve("logs/writer.log")))
          .contains("2026-11-22 12:00:00 INFO started");
    }
  }

  @Test
  void signalsOfATerminalAreTheParentsToHandle() throws Exception {
    try (RunningUp up = RunningUp.start(directory)) {
      up.awaitLine("ready");
      for (String signal : List.of("HUP", "INT")) {
        RunningUp.signal(signal, up.child("writer").pid());
        RunningUp.signal(signal, up.child("acceptor").pid());
      }
      RunningUp.signal("TERM", up.process().pid());
      assertThat(up.awaitEnd()).isZero();
      assertThat(up.events().subList(2, 4)).containsExactly("acceptor stopped", "writer stopped");
    }
  }

  /** As systemd sends it; the children may be faster. */
  @Test
  void termOfTheWholeGroupIsACleanStop() throws Exception {
    try (RunningUp up = RunningUp.start(directory)) {
      up.awaitLine("ready");
      ProcessHandle writer = up.child("writer");
      RunningUp.signal("TERM", writer.pid());
      RunningUp.signal("TERM", up.child("acceptor").pid());
      writer.onExit().get(60, TimeUnit.SECONDS);
      RunningUp.signal("TERM", up.process().pid());
      assertThat(up.awaitEnd()).isZero();
      assertThat(up.events()).contains("acceptor stopped", "writer stopped");
      assertThat(up.said()).noneMatch(line -> line.contains("by itself"));
    }
  }

  @Test
  void childThatDiesEndsTheOtherAndIsNamed() throws Exception {
    try (RunningUp up = RunningUp.start(directory)) {
      up.awaitLine("ready");
      up.child("acceptor").destroyForcibly();
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.said())
          .anyMatch(l -> l.contains("the acceptor ended by itself: killed by signal 9"));
      assertThat(up.events()).contains("writer stopped");
    }
  }

  @Test
  void childThatEndsByItselfIsNoCleanStopThoughItEndedWell() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "leave")) {
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.said()).anyMatch(l -> l.contains("the writer ended by itself: exit code 0"));
      assertThat(up.events()).contains("acceptor stopped");
    }
  }

  @Test
  void childThatRefusesToStartSaysWhyAndGivesItsExitCode() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "refuse")) {
      assertThat(up.awaitEnd()).isEqualTo(2);
      assertThat(up.said())
          .contains(
              "writer | writer: cannot use setting x: it is wrong",
              "sluice up: the writer refused to start (it says why above)");
      assertThat(up.said()).doesNotContain("ready");
    }
  }

  @Test
  void childThatStopsBadlyIsNamed() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "unwell")) {
      up.awaitLine("ready");
      RunningUp.signal("TERM", up.process().pid());
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.said()).anyMatch(l -> l.contains("the writer did not stop well: exit code 3"));
    }
  }

  @Test
  void childrenEndWithAParentThatWasKilled() throws Exception {
    try (RunningUp up = RunningUp.start(directory)) {
      up.awaitLine("ready");
      ProcessHandle writer = up.child("writer");
      ProcessHandle acceptor = up.child("acceptor");
      up.process().destroyForcibly();
      writer.onExit().get(60, TimeUnit.SECONDS);
      acceptor.onExit().get(60, TimeUnit.SECONDS);
      assertThat(up.events()).contains("writer stopped", "acceptor stopped");
    }
  }

  @Test
  void writerThatIsNotNeededMayDieAndTheOthersGoOnUntilMostAreGone() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "", 3)) {
      up.awaitLine("ready");
      up.child("writer-1").destroyForcibly();
      assertThat(up.awaitText("ended by itself"))
          .contains("the writer-1 ended by itself: killed by signal 9")
          .endsWith("; the others go on; start it again: ./sluice writer --writer.id=writer-1");
      assertThat(up.child("acceptor").isAlive()).isTrue();
      up.child("writer-2").destroyForcibly();
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.said()).anyMatch(line -> line.contains("the writer-2 ended by itself"));
      assertThat(up.events()).contains("writer-0 stopped", "acceptor stopped");
    }
  }

  @Test
  void writerThatWasStartedAgainIsNotAway() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "", 3)) {
      up.awaitLine("ready");
      up.child("writer-1").destroyForcibly();
      up.awaitText("the writer-1 ended by itself");
      Process again = up.startAgain("writer-1");
      try {
        while (!Pages.PLAIN.lacking(up.readyz("writer-1")).isEmpty()) {
          LockSupport.parkNanos(1_000_000);
        }
        up.child("writer-2").destroyForcibly();
        assertThat(up.awaitText("the writer-2 ended by itself")).contains("the others go on");
        RunningUp.signal("TERM", up.process().pid());
        assertThat(up.awaitEnd()).isZero();
      } finally {
        again.destroyForcibly();
      }
    }
  }

  @Test
  void acceptorThatDiesEndsTheWritersAllAtOnce() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "", 3)) {
      up.awaitLine("ready");
      up.child("acceptor").destroyForcibly();
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.events()).contains("writer-0 stopped", "writer-1 stopped", "writer-2 stopped");
      assertThat(up.said())
          .containsSubsequence(
              "stopping the writer-0", "stopping the writer-1", "stopping the writer-2");
    }
  }

  @Test
  void writerThatDiesBeforeAllAreReadyEndsThem() throws Exception {
    try (RunningUp up = RunningUp.start(directory, "refuse", 3)) {
      assertThat(up.awaitEnd()).isEqualTo(2);
      assertThat(up.said()).doesNotContain("ready");
    }
  }
}
