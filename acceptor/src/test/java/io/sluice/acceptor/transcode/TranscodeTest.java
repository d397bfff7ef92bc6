package io.sluice.acceptor.transcode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sluice.acceptor.decode.RandomMessages;
import io.sluice.schema.table.Signal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Random messages, written as JSON and transcoded, are what protobuf-java reads. */
class TranscodeTest {

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void jsonBecomesTheMessageItSays(@ForAll Signal signal, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Message message = message(signal, random);
    byte[] json = new RandomJson(random).bytes(message);
    ByteString wire = Transcoding.wire(signal, json);
    assertThat(message.getParserForType().parseFrom(wire)).isEqualTo(message);
    assertThat(wire.size())
        .as("nothing is written in a longer way")
        .isEqualTo(message.getSerializedSize());
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void memoryIsAskedForAndGivenBack(@ForAll Signal signal, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] json = new RandomJson(random).bytes(message(signal, random));
    Transcoding.Counter room = new Transcoding.Counter(Long.MAX_VALUE);
    Transcoded wire = Transcoder.transcode(signal, json, json.length, Transcoding.LIMIT, room);
    assertThat(room.used).isEqualTo(wire.array().length);
  }

  private static Message message(Signal signal, Random random) {
    return Expressible.made(
        new RandomMessages(random, 0.05).message(Transcoding.prototype(signal), 4, 0));
  }
}
