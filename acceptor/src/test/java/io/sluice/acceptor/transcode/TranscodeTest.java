package io.sluice.acceptor.transcode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.sluice.acceptor.decode.RandomMessages;
import io.sluice.acceptor.transcode.TranscodeException.Reason;
import io.sluice.acceptor.transcode.Transcoding.Counter;
import io.sluice.schema.table.Signal;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

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
    assertThat(wire.size()).isLessThanOrEqualTo(4 * json.length);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void memoryIsAskedForAndGivenBack(@ForAll Signal signal, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] json = new RandomJson(random).bytes(message(signal, random));
    Counter room = new Counter(Long.MAX_VALUE);
    Transcoded wire = Transcoder.transcode(signal, json, json.length, Transcoding.LIMIT, room);
    assertThat(room.used).isEqualTo(wire.array().length);
    Counter less = new Counter(room.most - 1);
    assertThat(refusal(signal, json, Transcoding.LIMIT, less)).isEqualTo(Reason.NO_ROOM);
  }

  /** Whatever is done to its bytes, a request is taken as OTLP or refused as malformed. */
  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void brokenJsonIsRefusedOrStillOtlp(@ForAll Signal signal, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] json = new RandomJson(random).bytes(message(signal, random));
    for (int i = 0; i < 10; i++) {
      byte[] broken = broken(json, random);
      try {
        Transcoding.prototype(signal)
            .getParserForType()
            .parseFrom(Transcoding.wire(signal, broken));
      } catch (TranscodeException e) {
        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e.getMessage()).startsWith("cannot read the request: ");
      }
    }
  }

  @Test
  void lengthsOfAnySizeAreThoseOfProtobuf() throws Exception {
    int[] bounds = {1 << 7, 1 << 14, 1 << 21};
    for (int bound : bounds) {
      for (int length = bound - 12; length < bound + 4; length++) {
        String text = "a".repeat(length);
        String value = "{\"stringValue\":\"" + text + "\"}";
        String list = "{\"arrayValue\":{\"values\":[" + value + ",{}," + value + "]}}";
        LogRecord log =
            Transcoding.log(
                "\"attributes\":[{\"value\":" + list + ",\"key\":\"k\"}],\"eventName\":\"e\"");
        byte[] json = Transcoding.logJson("\"body\":" + list).getBytes(UTF_8);
        assertThat(log.getAttributes(0).getValue().getArrayValue().getValues(2).getStringValue())
            .isEqualTo(text);
        assertThat(log.getEventName()).isEqualTo("e");
        ByteString wire = Transcoding.wire(Signal.LOGS, json);
        Message parsed = Transcoding.prototype(Signal.LOGS).getParserForType().parseFrom(wire);
        assertThat(parsed.toByteString()).isEqualTo(wire);
      }
    }
  }

  @Test
  void limitIsOfTheResult() throws Exception {
    byte[] json = histogram(100_000);
    int length = Transcoding.transcode(Signal.METRICS, json).length();
    assertThat(length).isBetween(4 * json.length - 1_000, 4 * json.length);
    Counter room = new Counter(Long.MAX_VALUE);
    assertThat(Transcoder.transcode(Signal.METRICS, json, json.length, length, room).length())
        .isEqualTo(length);
    assertThat(refusal(Signal.METRICS, json, length - 1, new Counter(Long.MAX_VALUE)))
        .isEqualTo(Reason.TOO_LARGE);
    room = new Counter(Long.MAX_VALUE);
    assertThat(refusal(Signal.METRICS, json, length / 4, room)).isEqualTo(Reason.TOO_LARGE);
    assertThat(room.most).as("beyond the limit nothing grows").isLessThan(length / 2);
  }

  @Test
  void namesOfUnknownFieldsTakeRoom() throws Exception {
    StringBuilder fields = new StringBuilder("{\"resourceLogs\":[]");
    for (int i = 0; i < 10_000; i++) {
      fields.append(",\"name").append(i).append("\":0");
    }
    byte[] json = fields.append('}').toString().getBytes(UTF_8);
    Counter room = new Counter(Long.MAX_VALUE);
    Transcoded wire = Transcoder.transcode(Signal.LOGS, json, json.length, json.length, room);
    assertThat(room.most).isGreaterThan(10_000 * 64);
    assertThat(room.used).isEqualTo(wire.array().length);
  }

  private static byte[] histogram(int buckets) {
    return Transcoding.metricJson(
            "\"histogram\":{\"dataPoints\":[{\"bucketCounts\":["
                + "0,".repeat(buckets - 1)
                + "0]}]}")
        .getBytes(UTF_8);
  }

  private static Reason refusal(Signal signal, byte[] json, int limit, Room room) {
    return catchThrowableOfType(
            TranscodeException.class,
            () -> Transcoder.transcode(signal, json, json.length, limit, room))
        .reason();
  }

  private static byte[] broken(byte[] json, Random random) {
    byte[] broken = json.clone();
    int at = random.nextInt(json.length);
    int end = Math.min(json.length, at + 1 + random.nextInt(20));
    switch (random.nextInt(4)) {
      case 0 -> broken[at] = (byte) random.nextInt(256);
      case 1 -> broken[at] = (byte) "{}[]\",:\\0-eu".charAt(random.nextInt(12));
      case 2 -> broken = Arrays.copyOf(json, at);
      default ->
          System.arraycopy(
              json, random.nextInt(json.length - (end - at) + 1), broken, at, end - at);
    }
    return broken;
  }

  private static Message message(Signal signal, Random random) {
    return Expressible.made(
        new RandomMessages(random, 0.05).message(Transcoding.prototype(signal), 4, 0));
  }
}
