package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TailAcrossAKillTest {

  private static final int EACH = 40;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void eachRecordIsShownOnceBesideFlushesAndAcrossAKilledWriter() throws Exception {
    List<String> ports = SluiceProcess.freePorts();
    Path data = directory.resolve("data");
    try (OneBox first = OneBox.startOn(ports, data);
        Tailing tail = Tailing.start(first, "--json")) {
      OtlpJson otlp = new OtlpJson(first);
      tail.following(otlp, "begin");
      send(otlp, 0);
      first.run("flush");
      send(otlp, 1);
      first.run("flush");
      tail.await(line -> line.contains(body(2 * EACH - 1)));
      send(otlp, 2);
      first.close(); // SIGKILL to all of them, in the middle of what is hot
      tail.await(
          tail.errors,
          line -> line.contains("reading log 0 of logs broke off, and is tried again: "));
      try (OneBox second = OneBox.startOn(ports, data)) {
        OtlpJson again = new OtlpJson(second);
        send(again, 3);
        second.run("flush");
        send(again, 4);
        tail.await(line -> line.contains(body(5 * EACH - 1)));
        assertThat(tail.stopped()).isZero();
      }
      assertThat(tail.errors).hasSize(2);
      assertThat(tail.errors.get(1)).isEqualTo("sluice tail: log 0 of logs is back");
      List<String> shown =
          tail.out.stream()
              .filter(line -> line.contains("\"record "))
              .map(line -> line.replaceFirst(".*\"(record \\d+)\".*", "$1"))
              .toList();
      assertThat(shown)
          .containsExactlyElementsOf(IntStream.range(0, 5 * EACH).mapToObj(this::body).toList());
    }
  }

  private String body(int number) {
    return "record " + number;
  }

  private void send(OtlpJson otlp, int round) throws Exception {
    for (int i = 0; i < EACH; i++) {
      otlp.log("kill", 9, body(round * EACH + i), "");
    }
  }
}
