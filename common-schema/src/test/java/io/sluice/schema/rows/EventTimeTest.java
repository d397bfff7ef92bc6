package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimeTest {

  private static final long RECEIVED = micros(Instant.parse("2026-03-01T12:00:00Z"));
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1000;
  private static final long DAY = 24 * HOUR;

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000;
  }

  /** Nanos since the epoch, as they are sent, of a time relative to the received one. */
  private static long nanos(String time) {
    return switch (time) {
      case "unknown" -> 0;
      case "2262" -> Long.MAX_VALUE;
      case "beyond" -> -1;
      case "1970" -> 1;
      case "-7d" -> (RECEIVED - 7 * DAY) * 1000;
      case "before -7d" -> (RECEIVED - 7 * DAY) * 1000 - 1;
      case "-1m" -> (RECEIVED - 60_000_000) * 1000 + 999;
      case "+1h" -> (RECEIVED + HOUR) * 1000 + 999;
      case "after +1h" -> (RECEIVED + HOUR + 1) * 1000;
      default -> throw new IllegalArgumentException(time);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "-1m, -1m, null",
    "-7d, -7d, null",
    "before -7d, received, arrival",
    "+1h, +1h, null",
    "after +1h, received, arrival",
    "unknown, received, arrival",
    "1970, received, arrival",
    "2262, received, arrival",
    "beyond, received, arrival",
  })
  void spanHasItsStartWherePlausible(String start, String time, String source) {
    Span span = Span.newBuilder().setStartTimeUnixNano(nanos(start)).build();
    check(SlowWire.of(Otlp.spans(Otlp.attribute("a", "b"), List.of(span))), time, source);
  }

  @ParameterizedTest
  @CsvSource({
    "-1m, -7d, -1m, null",
    "-1m, unknown, -1m, null",
    "unknown, -1m, -1m, observed",
    "beyond, -7d, -7d, observed",
    "before -7d, +1h, +1h, observed",
    "unknown, unknown, received, arrival",
    "after +1h, 2262, received, arrival",
  })
  void logRecordHasItsTimeElseTheObservedWherePlausible(
      String event, String observed, String time, String source) {
    LogRecord record =
        LogRecord.newBuilder()
            .setTimeUnixNano(nanos(event))
            .setObservedTimeUnixNano(nanos(observed))
            .build();
    check(SlowWire.of(Otlp.logs(record)), time, source);
  }

  private static void check(SlowWire slow, String time, String source) {
    long expected = time.equals("received") ? RECEIVED : nanos(time) / 1000;
    Table table = slow.table();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = slow.load(allocator);
        RowExpander expander =
            new RowExpander(table, Set.of("time", "time_source", "ingest_time"), allocator)) {
      WireBatch batch =
          new WireBatch(table, wire, new int[] {1}, new long[] {RECEIVED}, EventTime.DEFAULT);
      expander.append(batch, 0, 1, 1 << 20);
      assertThat(expander.finish().contentToTSVString().lines().skip(1))
          .containsExactly("%d\t%s\t%d".formatted(expected, source, RECEIVED));
      assertThat(batch.timeMicros(0)).isEqualTo(expected);
      assertThat(batch.day(0)).isEqualTo((int) Math.floorDiv(expected, DAY));
      assertThat(String.valueOf(batch.timeSource(0).text())).isEqualTo(source);
    }
  }

  @Test
  void settingsMoveTheBounds() {
    EventTime rule = new EventTime(Duration.ofSeconds(1), Duration.ZERO);
    assertThat(rule.plausible(RECEIVED * 1000 - 1_000_000_000, RECEIVED)).isTrue();
    assertThat(rule.plausible(RECEIVED * 1000 - 1_000_000_001, RECEIVED)).isFalse();
    assertThat(rule.plausible(RECEIVED * 1000 + 1000, RECEIVED)).isFalse();
  }

  @Test
  void reachBeyondAMonthIsRefused() {
    assertThatThrownBy(() -> new EventTime(Duration.ofDays(32), Duration.ZERO))
        .hasMessageContaining("past");
    assertThatThrownBy(() -> new EventTime(Duration.ZERO, Duration.ofSeconds(-1)))
        .hasMessageContaining("future");
  }
}
