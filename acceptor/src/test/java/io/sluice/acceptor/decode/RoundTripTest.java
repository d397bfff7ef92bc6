package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.sluice.schema.table.Signal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Random OTLP to columns to rows to OTLP: the same records, bit for bit, in every signal. */
class RoundTripTest {

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void wholeMessagesNeedNoRawBytes(@ForAll Signal signal, @ForAll long seed) {
    Message request = new RandomMessages(new Random(seed), 0).message(prototype(signal), 4, 0);
    try (Decoding decoding = new Decoding()) {
      assertThat(RoundTrip.check(decoding, signal, request.toByteArray())).isZero();
    }
  }

  @Property(tries = 250, shrinking = ShrinkingMode.OFF)
  void oddMessagesComeBackAsTheyWere(@ForAll Signal signal, @ForAll long seed) {
    Random random = new Random(seed);
    Message request =
        new RandomMessages(random, random.nextBoolean() ? 0.002 : 0.02)
            .message(prototype(signal), 4, 0);
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, signal, request.toByteArray());
    }
  }

  @Property(tries = 250, shrinking = ShrinkingMode.OFF)
  void oddWireBytesMeanWhatProtobufReads(@ForAll Signal signal, @ForAll long seed) {
    Random random = new Random(seed);
    double odd = random.nextInt(3) == 0 ? 0.2 : 0.02;
    Message request = new RandomMessages(random, odd / 5).message(prototype(signal), 3, 0);
    byte[] bytes = new RandomWire(random, odd).bytes(request);
    try (Decoding decoding = new Decoding()) {
      RoundTrip.check(decoding, signal, bytes);
    }
  }

  private static Message prototype(Signal signal) {
    return RoundTrip.prototype(signal);
  }
}
