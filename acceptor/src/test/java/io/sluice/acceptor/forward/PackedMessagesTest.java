package io.sluice.acceptor.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.acceptor.FakeWriter;
import io.sluice.acceptor.FakeWriter.Put;
import io.sluice.schema.wire.PutAnswer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code forward.zstd}. */
class PackedMessagesTest {

  private static final long LONG = 60_000;

  private FakeWriter writer;
  private ForwarderHarness harness;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    harness =
        new ForwarderHarness(writer.address(), new ForwardLimits(1 << 20, 4 << 20, 1 << 20, true));
  }

  /** Also the check that no buffer leaks: the allocator would say so. */
  @AfterEach
  void stop() {
    harness.close();
    writer.close();
  }

  @Test
  void rowsAreTheSameInFewerBytes() throws Exception {
    CompletableFuture<Delivery> stored = harness.forward(1, 1_000, LONG);
    Put put = writer.nextPut();
    assertThat(put.metadata().zstd()).isTrue();
    assertThat(harness.names(put))
        .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> "1-" + i).toList());
    assertThat(put.body().remaining()).isLessThan(16_000); // a name and its offset are 9 bytes
    assertThat(stored.get(60, TimeUnit.SECONDS)).isEqualTo(new Delivery.Stored(false));
  }

  @Test
  void whatIsSentAgainIsTheSameMessage() throws Exception {
    writer.onPut(Put::loseStream);
    CompletableFuture<Delivery> stored = harness.forward(1, 100, LONG);
    Put lost = writer.nextPut();
    writer.onPut(writer::store);
    Put again = writer.nextPut();
    assertThat(again.metadata()).isEqualTo(lost.metadata());
    assertThat(again.body()).isEqualTo(lost.body());
    assertThat(stored.get(60, TimeUnit.SECONDS)).isEqualTo(new Delivery.Stored(false));
  }

  @Test
  void whereItCannotBeReadItIsSentPlain() throws Exception {
    writer.onPut(
        put -> {
          if (put.metadata().zstd()) {
            put.answer(PutAnswer.malformed(put.metadata().sequence(), "of a later version"));
          } else {
            writer.store(put);
          }
        });
    List<CompletableFuture<Delivery>> all =
        IntStream.range(0, 5).mapToObj(i -> harness.forward(i, 100, LONG)).toList();
    for (CompletableFuture<Delivery> one : all) {
      assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(new Delivery.Stored(false));
    }
    assertThat(harness.counter("sluice_forward_malformed_total")).isZero();
  }
}
