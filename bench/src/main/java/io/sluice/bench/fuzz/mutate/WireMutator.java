package io.sluice.bench.fuzz.mutate;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages a protobuf message at the level of its fields: removes, repeats, moves and exchanges
 * them, makes their lengths and varints lie, their types wrong and their nesting deep. Lengths
 * around a change are right again unless they are what is changed.
 */
public final class WireMutator {

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    0x7f,
    0x80,
    1L << 31,
    (1L << 31) - 1,
    (1L << 32) - 1,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1_760_000_000_123_456_789L
  };
  private static final String[] TEXTS = {
    "",
    "\u0000",
    "service.name",
    "\"quoted\\",
    "é€𝄞",
    "\ud800", // becomes '?'
    "a long text ".repeat(200)
  };
  private static final int[][] NOT_TEXT = {
    {0xff}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {'a', 0xf4, 0x90, 0x80, 0x80}, {0xe2, 0x82}, {0x80}
  };
  private static final int MOST_REPEATS = 3_000;
  private static final int MOST_GROUPS = 130;

  /** A field repeated in one that is repeated becomes more than anybody has memory for. */
  private static final int MOST_PLACES = 30_000;

  private final DeepValues deep = new DeepValues();

  /** Where a field is. */
  private record Place(List<WireField> in, int index) {
    WireField field() {
      return in.get(index);
    }
  }

  /**
   * One to four damages of a message.
   *
   * @param donor another message of the type, for what is exchanged
   */
  public byte[] mutate(byte[] good, byte[] donor, Descriptor type, SplittableRandom random) {
    List<WireField> message = WireField.parse(good, type);
    List<WireField> other = WireField.parse(donor, type);
    if (message == null || other == null) {
      return good;
    }
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times; i++) {
      List<Place> places = places(message);
      if (places.isEmpty()) {
        message.addAll(other);
        continue;
      }
      damage(places.get(random.nextInt(places.size())), places(other), random);
      if (places(message).size() == MOST_PLACES) {
        return good;
      }
    }
    return WireField.bytes(message);
  }

  private static List<Place> places(List<WireField> message) {
    List<Place> places = new ArrayList<>();
    collect(message, places);
    return places;
  }

  private static void collect(List<WireField> fields, List<Place> places) {
    for (int i = 0; i < fields.size() && places.size() < MOST_PLACES; i++) {
      places.add(new Place(fields, i));
      List<WireField> inner = fields.get(i).fields;
      if (inner != null) {
        collect(inner, places);
      }
    }
  }

  private void damage(Place place, List<Place> others, SplittableRandom random) {
    WireField field = place.field();
    List<WireField> in = place.in;
    int elsewhere = random.nextInt(in.size());
    switch (random.nextInt(20)) {
      case 0 -> in.remove(place.index);
      case 1 -> in.add(elsewhere, field.copy());
      case 2 -> in.add(Math.min(elsewhere, in.size() - 1), in.remove(place.index));
      case 3, 4 -> exchange(place, others, random);
      case 5 -> field.number = number(field, random);
      case 6 -> field.wireType = random.nextInt(8);
      case 7, 8 -> field.value = EXTREMES[random.nextInt(EXTREMES.length)];
      case 9 -> field.padding = 1 + random.nextInt(11);
      case 10 -> field.lie = lie(field, random);
      case 11, 12 -> content(field, random);
      case 13 -> deep.put(field, random);
      case 14 -> in.add(elsewhere, group(random));
      case 15 -> in.add(elsewhere, unknown(random));
      case 16 -> pack(place, random);
      case 17 -> repeat(place, random);
      case 18 -> split(place, random);
      default -> empty(field);
    }
  }

  /** Cross-over: a field of the other message instead of this one, or beside it. */
  private static void exchange(Place place, List<Place> others, SplittableRandom random) {
    if (others.isEmpty()) {
      return;
    }
    WireField chosen = others.get(random.nextInt(others.size())).field();
    for (int i = 0; i < 20 && chosen.type != place.field().type; i++) {
      chosen = others.get(random.nextInt(others.size())).field();
    }
    if (random.nextBoolean()) {
      place.in.set(place.index, chosen.copy());
    } else {
      place.in.add(place.index, chosen.copy());
    }
  }

  private static int number(WireField field, SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> field.number + 1;
      case 1 -> Math.max(0, field.number - 1);
      case 2 -> 0;
      case 3 -> (1 << 29) - 1;
      case 4 -> 1000;
      default -> random.nextInt(20);
    };
  }

  private static long lie(WireField field, SplittableRandom random) {
    int length = field.content().length;
    return switch (random.nextInt(7)) {
      case 0 -> 1;
      case 1 -> -Math.min(1, length);
      case 2 -> -random.nextInt(length + 1);
      case 3 -> random.nextInt(1000);
      case 4 -> Integer.MAX_VALUE - length;
      case 5 -> (1L << 32) - 1 - length;
      default -> Long.MIN_VALUE;
    };
  }

  private static void content(WireField field, SplittableRandom random) {
    if (field.wireType != WireField.LEN) {
      field.value = random.nextLong();
      return;
    }
    field.fields = null;
    switch (random.nextInt(4)) {
      case 0 -> {
        int[] broken = NOT_TEXT[random.nextInt(NOT_TEXT.length)];
        byte[] bytes = new byte[broken.length];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) broken[i];
        }
        field.bytes = bytes;
      }
      case 1 -> field.bytes = Texts.utf8(TEXTS[random.nextInt(TEXTS.length)]);
      case 2 -> {
        field.bytes = new byte[random.nextInt(40)];
        random.nextBytes(field.bytes);
      }
      default -> field.bytes = new ByteMutator().mutate(field.bytes, random);
    }
  }

  private static void empty(WireField field) {
    field.bytes = new byte[0];
    field.fields = field.fields == null ? null : new ArrayList<>();
    field.value = 0;
  }

  /** Groups in groups; sometimes one does not end, or as another. */
  private static WireField group(SplittableRandom random) {
    int depth = random.nextInt(4) == 0 ? 1 + random.nextInt(MOST_GROUPS) : 1;
    WireField inner = unknown(random);
    for (int i = 0; i < depth; i++) {
      WireField group = new WireField(1 + random.nextInt(30), WireField.START_GROUP);
      WireField end = new WireField(group.number, WireField.END_GROUP);
      group.fields = new ArrayList<>(List.of(inner, end));
      if (random.nextInt(3 * depth + 10) == 0) {
        end.number++;
      } else if (random.nextInt(3 * depth + 10) == 0) {
        group.fields.remove(1);
      }
      inner = group;
    }
    return inner;
  }

  private static WireField unknown(SplittableRandom random) {
    WireField field =
        new WireField(
            random.nextInt(3) == 0 ? 20 + random.nextInt(100_000) : 1 + random.nextInt(20),
            new int[] {WireField.VARINT, WireField.I64, WireField.LEN, WireField.I32}
                [random.nextInt(4)]);
    field.value = random.nextBoolean() ? random.nextLong() : random.nextInt(300);
    field.bytes = Texts.utf8(TEXTS[random.nextInt(TEXTS.length)]);
    return field;
  }

  /** Packed numbers become single ones; a single one becomes packed. */
  private static void pack(Place place, SplittableRandom random) {
    WireField field = place.field();
    if (field.wireType == WireField.LEN && field.fields == null) {
      int most = Math.min(field.bytes.length / Long.BYTES, 64);
      for (int i = 0; i < most; i++) {
        WireField one = new WireField(field.number, random.nextInt(9) == 0 ? 0 : WireField.I64);
        one.value = i;
        place.in.add(place.index, one);
      }
    } else if (field.wireType != WireField.LEN) {
      byte[] packed = new byte[Long.BYTES * random.nextInt(5) + random.nextInt(2)];
      random.nextBytes(packed);
      field.wireType = WireField.LEN;
      field.bytes = packed;
    }
  }

  private static void repeat(Place place, SplittableRandom random) {
    WireField field = place.field();
    int most = Math.min(MOST_REPEATS, 100_000 / (1 + field.content().length));
    int times = random.nextInt(8) == 0 ? most : Math.min(most, 3);
    for (int i = 0; i < times; i++) {
      place.in.add(place.index, field); // the same: what is changed later is changed in all
    }
  }

  /** A message in two parts, which protobuf puts together again. */
  private static void split(Place place, SplittableRandom random) {
    WireField field = place.field();
    if (field.fields == null || field.fields.isEmpty()) {
      return;
    }
    WireField rest = field.copy();
    int cut = random.nextInt(field.fields.size() + 1);
    rest.fields = new ArrayList<>(field.fields.subList(cut, field.fields.size()));
    field.fields = new ArrayList<>(field.fields.subList(0, cut));
    place.in.add(random.nextBoolean() ? place.index + 1 : place.in.size(), rest);
  }
}
