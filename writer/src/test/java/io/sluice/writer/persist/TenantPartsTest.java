package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import org.junit.jupiter.api.Test;

/** Who has more than an equal part of what waits is found, soon. */
class TenantPartsTest {

  private static final long SOON = 100_000_000;

  private final ChunkBuffer one = buffer();
  private final ChunkBuffer two = buffer();
  private long now;
  private final TenantParts parts =
      new TenantParts(
          () -> java.util.stream.Stream.of(one, two).flatMap(b -> b.tables().stream()), () -> now);
  private long position;

  private static ChunkBuffer buffer() {
    return new ChunkBuffer(key -> 0L, SealPolicy.DEFAULT, HotSpans.NO_LOG, System::nanoTime);
  }

  private void owe(ChunkBuffer buffer, String tenant, Table table, long bytes) {
    position++;
    buffer.addLogged(
        new TableKey(tenant, table), position, 1, bytes, new int[0], RecordCounts.NONE);
    now += SOON;
  }

  @Test
  void tenantIsNotBeyondItsPartUntilAnotherIsKnown() {
    assertThat(parts.isBeyond("a")).isFalse();
    owe(one, "a", Table.TRACES, 1_000);
    assertThat(parts.isBeyond("a")).isFalse();
    assertThat(parts.isBeyond("b")).isFalse();
    one.table(new TableKey("b", Table.TRACES));
    now += SOON;
    assertThat(parts.isBeyond("a")).isTrue();
    assertThat(parts.isBeyond("b")).isFalse();
  }

  @Test
  void allTablesInAllLogsCountForATenant() {
    owe(one, "a", Table.TRACES, 600);
    owe(one, "b", Table.TRACES, 500);
    assertThat(parts.isBeyond("a")).isTrue();
    owe(two, "b", Table.LOGS, 200);
    assertThat(parts.isBeyond("a")).isFalse();
    assertThat(parts.isBeyond("b")).isTrue();
    assertThat(parts.isBeyond("c")).isFalse();
  }

  @Test
  void equalPartsAreNotBeyond() {
    owe(one, "a", Table.TRACES, 500);
    owe(two, "b", Table.TRACES, 500);
    assertThat(parts.isBeyond("a")).isFalse();
    assertThat(parts.isBeyond("b")).isFalse();
  }
}
