package io.sluice.acceptor.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Placement;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests are many and alike, and yet each log gets its part of them. */
final class EvenLoadTest {

  private static final int REQUESTS = 100_000;

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 9})
  void busiestLogHasAtMostThreePercentMoreThanItsPart(int logs) {
    List<HostPort> writers =
        IntStream.range(0, logs).mapToObj(i -> new HostPort("writer-" + i, 8815)).toList();
    Placement placement = Placement.of(logs, logs, List.of(), 3);
    LogRoutes routes = LogRoutes.of(logs, writers, placement);
    Random random = new Random(1);
    byte[] body = new byte[500]; // one exporter's, of which few bytes change
    random.nextBytes(body);
    int[] batches = new int[logs];
    for (int i = 0; i < REQUESTS; i++) {
      ByteBuffer.wrap(body).putInt(100, i);
      BatchId request = BatchId.ofBody(body, 0, body.length);
      Table table = Table.values()[i % Table.values().length];
      batches[routes.log(BatchId.of("default", table, BatchId.Encoding.PROTOBUF, 0, request))]++;
    }
    int most = IntStream.of(batches).max().orElseThrow();
    int least = IntStream.of(batches).min().orElseThrow();
    double part = (double) REQUESTS / logs;
    assertThat(most / part).isLessThan(1.03);
    assertThat(least / part).isGreaterThan(0.97);
    for (int log = 0; log < logs; log++) {
      List<HostPort> tried = routes.candidates(log);
      assertThat(tried).containsExactlyInAnyOrderElementsOf(writers);
      assertThat(tried.subList(0, 3))
          .describedAs("where it is placed")
          .isEqualTo(placement.writers(log).stream().map(writers::get).toList());
    }
    assertThat(IntStream.range(0, logs).mapToObj(log -> routes.candidates(log).get(0)))
        .describedAs("who is tried first")
        .containsExactlyInAnyOrderElementsOf(writers);
  }
}
