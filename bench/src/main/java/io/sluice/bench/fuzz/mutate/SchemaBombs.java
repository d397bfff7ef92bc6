package io.sluice.bench.fuzz.mutate;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Struct_;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.flatbuf.UnionMode;
import org.apache.arrow.flight.impl.Flight;

/** Schemas of a few bytes that take a stack, a heap or an hour to read. */
public final class SchemaBombs {

  private static final int HEADER = 2;
  private static final int TYPES = 0x5eed;

  /** What a schema is made to do to whoever reads it. */
  public enum Bomb {
    /** A field in a field in a field. */
    DEEP,
    /** A field that is twice the child of the next, and so on. */
    DOUBLED,
    /** A field that stands in the schema as often as its bytes hold. */
    REPEATED,
    /** A union that says it has 2^31 - 1 types. */
    WIDE,
    /** A long note that stands there as often as the bytes hold. */
    NOTES
  }

  private SchemaBombs() {}

  static byte[] opening(byte[] message, SplittableRandom random) {
    return opening(message, Bomb.values()[random.nextInt(Bomb.values().length)]);
  }

  /** The message that opens a stream, with another schema. */
  public static byte[] opening(byte[] message, Bomb bomb) {
    List<WireField> parts = WireField.parse(message, Flight.FlightData.getDescriptor());
    if (parts == null) {
      throw new IllegalStateException("the corpus has no FlightData");
    }
    for (WireField part : parts) {
      if (part.number == HEADER) {
        part.fields = null;
        part.bytes = header(bomb);
      }
    }
    return WireField.bytes(parts);
  }

  private static byte[] header(Bomb bomb) {
    FlatBufferBuilder out = new FlatBufferBuilder(1 << 16);
    int notes = 0;
    int[] fields =
        switch (bomb) {
          case DEEP -> new int[] {nested(out, 10_000, 1)};
          case DOUBLED -> new int[] {nested(out, 40, 2)};
          case REPEATED -> filled(100_000, nested(out, 1, 1));
          case WIDE -> new int[] {union(out)};
          case NOTES -> new int[] {nested(out, 1, 1)};
        };
    if (bomb == Bomb.NOTES) {
      int value = out.createString("x".repeat(400_000));
      int note = KeyValue.createKeyValue(out, out.createString("k"), value);
      notes = Schema.createCustomMetadataVector(out, filled(100_000, note));
    }
    int all = Schema.createFieldsVector(out, fields);
    int schema = Schema.createSchema(out, Endianness.Little, all, notes, 0);
    out.finish(Message.createMessage(out, MetadataVersion.V5, MessageHeader.Schema, schema, 0, 0));
    byte[] bytes = out.sizedByteArray();
    if (bomb == Bomb.WIDE) {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + 2 * Integer.BYTES <= bytes.length; at += Integer.BYTES) {
        if (in.getInt(at) == 1 && in.getInt(at + Integer.BYTES) == TYPES) {
          in.putInt(at, Integer.MAX_VALUE);
        }
      }
    }
    return bytes;
  }

  private static int[] filled(int length, int value) {
    int[] all = new int[length];
    Arrays.fill(all, value);
    return all;
  }

  /**
   * @param times how often each is the child of the next
   */
  private static int nested(FlatBufferBuilder out, int levels, int times) {
    int name = out.createString("f");
    Struct_.startStruct_(out);
    int type = Struct_.endStruct_(out);
    int inner = 0;
    for (int i = 0; i < levels; i++) {
      int[] of = inner == 0 ? new int[0] : filled(times, inner);
      int children = Field.createChildrenVector(out, of);
      inner = Field.createField(out, name, true, Type.Struct_, type, 0, children, 0);
    }
    return inner;
  }

  private static int union(FlatBufferBuilder out) {
    int types = Union.createTypeIdsVector(out, new int[] {TYPES});
    int type = Union.createUnion(out, UnionMode.Sparse, types);
    int children = Field.createChildrenVector(out, new int[0]);
    return Field.createField(out, out.createString("f"), true, Type.Union, type, 0, children, 0);
  }
}
