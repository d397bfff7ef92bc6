package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.WriteBufferWaterMark;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

final class ReadWhileTakenTest {

  @Test
  void whatIsNotTakenStopsReadingUntilItIs() {
    LongAdder paused = new LongAdder();
    EmbeddedChannel channel = new EmbeddedChannel(new ReadWhileTaken(paused));
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(64, 128));
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isTrue();
    var unused = channel.write(Unpooled.wrappedBuffer(new byte[1_000]));
    assertThat(channel.config().isAutoRead()).as("nothing more has come").isTrue();
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(paused.sum()).isEqualTo(1);
    channel.flush();
    assertThat(channel.config().isAutoRead()).isTrue();
    channel.finishAndReleaseAll();
  }
}
