package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.Wire.keyValue;
import static io.sluice.acceptor.decode.Wire.len;
import static io.sluice.acceptor.decode.Wire.text;
import static io.sluice.acceptor.decode.Wire.varint;

import io.sluice.schema.table.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Records whose keys are nearly those of the record before: equal, fewer, more, in another order,
 * one of them twice, or given up half-way as nested too deep.
 */
class NeighboursTest {

  private static final String[] KEYS = {
    "http.route", "http.request.method", "http.status", "a", "", "k1234567", "k12345678", "ключ"
  };

  @Property(tries = 300)
  void likeNeighboursComeBackAsTheyWere(@ForAll long seed) {
    Random random = new Random(seed);
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < 3; i++) { // the same columns again
        RoundTrip.check(decoding, Signal.TRACES, request(random));
      }
    }
  }

  private static byte[] request(Random random) {
    byte[][] spans = new byte[1 + random.nextInt(30)][];
    List<String> keys = new ArrayList<>(List.of(KEYS));
    for (int i = 0; i < spans.length; i++) {
      switch (random.nextInt(6)) {
        case 0 -> keys.add(random.nextInt(keys.size() + 1), KEYS[random.nextInt(KEYS.length)]);
        case 1 -> keys.remove(random.nextInt(keys.size()));
        case 2 -> keys.set(random.nextInt(keys.size()), "new " + i);
        default -> {}
      }
      if (keys.isEmpty() || keys.size() > 20) {
        keys = new ArrayList<>(List.of(KEYS));
      }
      spans[i] = span(random, keys);
    }
    return Wire.request(spans);
  }

  private static byte[] span(Random random, List<String> keys) {
    List<byte[]> fields = new ArrayList<>();
    fields.addAll(attributes(random, keys, 9));
    if (random.nextInt(3) == 0) {
      int events = 1 + random.nextInt(3);
      for (int event = 0; event < events; event++) {
        List<byte[]> event3 = attributes(random, keys.subList(0, (keys.size() + 1) / 2), 3);
        fields.add(random.nextInt(fields.size() + 1), len(11, event3.toArray(byte[][]::new)));
      }
    }
    return len(2, fields.toArray(byte[][]::new));
  }

  private static List<byte[]> attributes(Random random, List<String> keys, int field) {
    List<byte[]> attributes = new ArrayList<>();
    for (String key : keys) {
      byte[] value =
          switch (random.nextInt(40)) {
            case 0 -> deep();
            case 1 -> len(5);
            case 2, 3, 4, 5 -> varint(3, random.nextLong());
            case 6, 7, 8 -> varint(3, random.nextInt(100));
            default -> text(1, "v" + random.nextInt(1000));
          };
      attributes.add(keyValue(field, key, value));
    }
    return attributes;
  }

  /** One level more than is allowed. */
  private static byte[] deep() {
    byte[] value = text(1, "x");
    for (int level = 0; level < DecodeLimits.DEFAULT.valueLevels(); level++) {
      value = len(5, len(1, value));
    }
    return value;
  }
}
