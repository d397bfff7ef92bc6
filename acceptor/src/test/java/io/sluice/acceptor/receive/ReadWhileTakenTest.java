package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.WriteBufferWaterMark;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.schema.service.ConnectionCount;
import io.sluice.schema.service.Telemetry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReadWhileTakenTest {

  private final Telemetry telemetry = new Telemetry("test");
  private final ConnectionCount count = new ConnectionCount(1, "sluice.flight", telemetry);
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new ReadWhileTaken(count, Duration.ofSeconds(60)));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    telemetry.close();
  }

  private void writeMuch() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(64, 128));
    var unused = channel.write(Unpooled.wrappedBuffer(new byte[1_000]));
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void whatIsNotTakenStopsReadingUntilItIs() {
    channel.freezeTime();
    channel.pipeline().fireChannelReadComplete();
    writeMuch();
    assertThat(channel.config().isAutoRead()).as("nothing more has come").isTrue();
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(count.paused().sum()).isEqualTo(1);
    pass(59);
    channel.flush();
    assertThat(channel.config().isAutoRead()).isTrue();
    pass(61);
    assertThat(channel.isOpen()).isTrue();
    assertThat(count.untaken().sum()).isZero();
  }

  @Test
  void whoTakesNothingForLongIsCut() {
    channel.freezeTime();
    writeMuch();
    channel.pipeline().fireChannelReadComplete();
    pass(59);
    assertThat(channel.isOpen()).isTrue();
    pass(2);
    assertThat(channel.isOpen()).isFalse();
    assertThat(count.untaken().sum()).isEqualTo(1);
  }
}
