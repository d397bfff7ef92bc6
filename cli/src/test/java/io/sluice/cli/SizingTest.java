package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class SizingTest {

  private static final String HEAD = "| spans/s | OTLP MB/s |";

  @Test
  void theTableOfTheDocsIsWhatTheCommandComputes() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../docs/operations.md"));
    int head = -1;
    for (int i = 0; i < lines.size(); i++) {
      head = lines.get(i).startsWith(HEAD) ? i : head;
    }
    assertThat(head).as("the table of sizes").isPositive();
    List<String> shown =
        lines.subList(head + 2, lines.size()).stream().takeWhile(l -> l.startsWith("|")).toList();
    assertThat(shown)
        .isEqualTo(
            List.of(1_000L, 10_000L, 50_000L, 100_000L, 250_000L).stream()
                .map(SizingTest::line)
                .toList());
  }

  private static String line(long spans) {
    Sizing sizing = new Sizing(spans, Sizing.MEASURED_BYTES, Duration.ofDays(30), 3);
    return String.format(
        Locale.ROOT,
        "| %,d | %.1f | %s | %s | %s | %s | %d min | %,.0f GiB |",
        spans,
        sizing.megabytesPerSecond(),
        SizeCommand.cores(sizing.acceptorCores()),
        SizeCommand.cores(sizing.writerCores()),
        SizeCommand.size(sizing.memoryMib()),
        SizeCommand.size(sizing.logMib()),
        sizing.outage().toMinutes(),
        sizing.fileGib());
  }

  @Test
  void figuresAreThoseOfTheBenchmarks() throws IOException {
    String page = Files.readString(Path.of("../docs/benchmarks.md"));
    assertThat(page)
        .contains(
            String.format(
                Locale.ROOT,
                "%,.0f spans/s a core of the Acceptor, %,.0f of the Writer",
                Sizing.ACCEPTOR_SPANS,
                Sizing.WRITER_SPANS))
        .contains("with 430 bytes a span in memory and 50 in a file");
  }

  @Test
  void twiceTheBytesTakeTwiceOfAllButOutages() {
    Sizing one = new Sizing(10_000, 500, Duration.ofDays(30), 1);
    Sizing two = new Sizing(10_000, 1_000, Duration.ofDays(30), 1);
    assertThat(two.writerCores()).isEqualTo(2 * one.writerCores());
    assertThat(two.fileGib()).isEqualTo(2 * one.fileGib());
    assertThat(two.logMib()).isCloseTo(2 * one.logMib(), org.assertj.core.data.Offset.offset(8L));
    assertThat(two.outage()).isEqualTo(one.outage());
  }
}
