package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.sluice.schema.table.Signal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that is not UTF-8, in each string of a request: repaired in the column, kept raw. */
class Utf8Test {

  private static final byte[] MARK = "#mark#".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BROKEN = {'#', (byte) 0xc3, 'a', (byte) 0xff, 'k', '#'};

  static List<Arguments> requests() {
    List<Arguments> requests = new ArrayList<>();
    requests.add(Arguments.of(Signal.TRACES, full(RoundTrip.prototype(Signal.TRACES), null)));
    requests.add(Arguments.of(Signal.LOGS, full(RoundTrip.prototype(Signal.LOGS), null)));
    for (int kind : new int[] {5, 7, 9, 10, 11}) {
      FieldDescriptor data = Metric.getDescriptor().findFieldByNumber(kind);
      requests.add(Arguments.of(Signal.METRICS, full(RoundTrip.prototype(Signal.METRICS), data)));
    }
    return requests;
  }

  @ParameterizedTest
  @MethodSource("requests")
  void brokenTextIsRepairedAndKept(Signal signal, Message message) {
    byte[] whole = message.toByteArray();
    int strings = 0;
    try (Decoding decoding = new Decoding()) {
      assertThat(raws(decoding, signal, whole)).isEmpty();
      for (int at = next(whole, 0); at >= 0; at = next(whole, at + 1)) {
        byte[] request = whole.clone();
        System.arraycopy(BROKEN, 0, request, at, BROKEN.length);
        List<Bytes> raws = raws(decoding, signal, request);
        assertThat(raws).as("string at byte " + at).hasSize(1);
        assertThat(raws.get(0).toString()).contains(new Bytes(BROKEN).toString());
        strings++;
      }
    }
    assertThat(strings).isGreaterThan(8);
  }

  /** The raw bytes of the one row there is, whosever they are; its text must be repaired then. */
  private static List<Bytes> raws(Decoding decoding, Signal signal, byte[] request) {
    Decoded decoded = decoding.decode(signal, request);
    assertThat(decoded.parts()).hasSize(1);
    Map<String, Object> row =
        ActualRows.of(decoded.parts().get(0).columns(), decoding.allocator).get(0);
    decoding.give(decoded);
    List<Bytes> raws = new ArrayList<>();
    collect(row, raws);
    assertThat(ActualRows.withoutRaw(row).toString().contains("#\ufffda\ufffdk#"))
        .isEqualTo(!raws.isEmpty());
    return raws;
  }

  private static void collect(Map<?, ?> fields, List<Bytes> raws) {
    if (fields.get("raw") instanceof Bytes raw) {
      raws.add(raw);
    }
    for (String run : List.of("resource", "scope", "metric")) {
      if (fields.get(run) instanceof Map<?, ?> inner) {
        collect(inner, raws);
      }
    }
  }

  /** Every field set, each string once and with the mark, values strings; one kind of data. */
  private static Message full(Message prototype, FieldDescriptor data) {
    Message.Builder builder = prototype.newBuilderForType();
    if (builder instanceof AnyValue.Builder value) {
      return value.setStringValue("#mark#").build();
    }
    for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
      boolean otherData =
          prototype instanceof Metric && field.getContainingOneof() != null && field != data;
      Object value =
          switch (field.getJavaType()) {
            case MESSAGE ->
                otherData ? null : full(builder.newBuilderForField(field).build(), data);
            case STRING -> "#mark#";
            default -> null;
          };
      if (value != null && field.isRepeated()) {
        builder.addRepeatedField(field, value);
      } else if (value != null) {
        builder.setField(field, value);
      }
    }
    return builder.build();
  }

  private static int next(byte[] bytes, int from) {
    for (int at = from; at <= bytes.length - MARK.length; at++) {
      if (Arrays.equals(bytes, at, at + MARK.length, MARK, 0, MARK.length)) {
        return at;
      }
    }
    return -1;
  }
}
