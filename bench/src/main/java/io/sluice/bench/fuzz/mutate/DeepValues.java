package io.sluice.bench.fuzz.mutate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** AnyValues inside each other, up to far beyond what any decoder allows. */
final class DeepValues {

  private static final int ARRAY = 5;
  private static final int KVLIST = 6;
  private static final int NEAR_LIMIT = 64;
  private static final int DEEP = 160;
  private static final int VERY_DEEP = 4_000;

  /** Makes a field that is an AnyValue deep; any other gets bytes that look like one. */
  void put(WireField field, SplittableRandom random) {
    int levels =
        switch (random.nextInt(6)) {
          case 0, 1 -> 1 + random.nextInt(4);
          case 2, 3 -> NEAR_LIMIT - 2 + random.nextInt(5);
          case 4 -> 1 + random.nextInt(DEEP);
          default -> random.nextInt(20) == 0 ? VERY_DEEP : 2;
        };
    field.wireType = WireField.LEN;
    if (levels == VERY_DEEP) {
      field.fields = null;
      field.bytes = nested();
      return;
    }
    boolean value = field.type != null && field.type.getName().equals("AnyValue");
    List<WireField> inner = value && field.fields != null ? field.fields : new ArrayList<>();
    for (int i = 0; i < levels; i++) {
      boolean map = random.nextInt(3) == 0;
      WireField element = new WireField(1, WireField.LEN);
      if (map) {
        WireField of = new WireField(2, WireField.LEN);
        of.fields = inner;
        WireField key = new WireField(1, WireField.LEN);
        key.bytes = Texts.utf8("k");
        element.fields = new ArrayList<>(List.of(key, of));
      } else {
        element.fields = inner;
      }
      WireField list = new WireField(map ? KVLIST : ARRAY, WireField.LEN);
      list.fields = new ArrayList<>(List.of(element));
      inner = new ArrayList<>(List.of(list));
    }
    field.fields = inner;
  }

  /** So deep that fields in fields would end this process instead of the other. */
  private static byte[] nested() {
    byte[] bytes = new byte[0];
    for (int i = 0; i < VERY_DEEP; i++) {
      WireField element = new WireField(1, WireField.LEN);
      element.bytes = bytes;
      WireField list = new WireField(ARRAY, WireField.LEN);
      list.bytes = WireField.bytes(List.of(element));
      bytes = WireField.bytes(List.of(list));
    }
    return bytes;
  }
}
