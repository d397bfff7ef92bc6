package io.sluice.bench.fuzz.mutate;

import com.google.flatbuffers.FlatBufferBuilder;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flight.impl.Flight;

/**
 * A record batch that lies as Arrow: about its counts, about where its buffers are and how long,
 * and in the offsets and bits that they hold. Its flatbuffer is sound, and so is the protobuf
 * around it, so that the lie is what is looked at.
 */
public final class ArrowMutator {

  private static final int HEADER = 2;
  private static final int METADATA = 3;
  private static final int BODY = 1000;
  private static final int MANY = 50_000;
  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    -8,
    7,
    1 << 16,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 7,
    Long.MIN_VALUE
  };

  private static final byte[] OTHERS = {
    MessageHeader.NONE,
    MessageHeader.Schema,
    MessageHeader.DictionaryBatch,
    MessageHeader.Tensor,
    MessageHeader.SparseTensor
  };

  private final ByteMutator bytes = new ByteMutator();

  /** What a record batch says, to be said otherwise. */
  private static final class Batch {
    private long length;
    private final List<long[]> nodes = new ArrayList<>(); // length, nulls
    private final List<long[]> buffers = new ArrayList<>(); // offset, length
    private long[] variadic = {};
    private byte codec = -1;
    private byte headerType = MessageHeader.RecordBatch;
    private short version = MetadataVersion.V5;
    private long bodyLength;
    private byte[] body;
    private PutMetadata metadata;

    private Batch(byte[] header, byte[] body, PutMetadata metadata) {
      RecordBatch sent = new RecordBatch();
      if (Message.getRootAsMessage(ByteBuffer.wrap(header)).header(sent) == null) {
        throw new IllegalStateException("the corpus has a message without a header");
      }
      length = sent.length();
      for (int i = 0; i < sent.nodesLength(); i++) {
        FieldNode node = sent.nodes(i);
        nodes.add(new long[] {node.length(), node.nullCount()});
      }
      for (int i = 0; i < sent.buffersLength(); i++) {
        Buffer buffer = sent.buffers(i);
        buffers.add(new long[] {buffer.offset(), buffer.length()});
      }
      this.body = body;
      this.bodyLength = body.length;
      this.metadata = metadata;
    }

    private byte[] header() {
      FlatBufferBuilder out = new FlatBufferBuilder(1024);
      int compression =
          codec < 0
              ? 0
              : BodyCompression.createBodyCompression(out, codec, BodyCompressionMethod.BUFFER);
      int counts = RecordBatch.createVariadicBufferCountsVector(out, variadic);
      RecordBatch.startBuffersVector(out, buffers.size());
      for (int i = buffers.size() - 1; i >= 0; i--) {
        Buffer.createBuffer(out, buffers.get(i)[0], buffers.get(i)[1]);
      }
      int all = out.endVector();
      RecordBatch.startNodesVector(out, nodes.size());
      for (int i = nodes.size() - 1; i >= 0; i--) {
        FieldNode.createFieldNode(out, nodes.get(i)[0], nodes.get(i)[1]);
      }
      int columns = out.endVector();
      RecordBatch.startRecordBatch(out);
      RecordBatch.addLength(out, length);
      RecordBatch.addNodes(out, columns);
      RecordBatch.addBuffers(out, all);
      if (compression != 0) {
        RecordBatch.addCompression(out, compression);
      }
      if (variadic.length > 0) {
        RecordBatch.addVariadicBufferCounts(out, counts);
      }
      int batch = RecordBatch.endRecordBatch(out);
      if (headerType == MessageHeader.DictionaryBatch) {
        batch = DictionaryBatch.createDictionaryBatch(out, 0, batch, false);
      }
      out.finish(Message.createMessage(out, version, headerType, batch, bodyLength, 0));
      return out.sizedByteArray();
    }
  }

  /**
   * @param message FlightData with a record batch and Sluice's metadata
   */
  byte[] rows(byte[] message, SplittableRandom random) {
    List<WireField> parts = WireField.parse(message, Flight.FlightData.getDescriptor());
    if (parts == null) {
      throw new IllegalStateException("the corpus has no FlightData");
    }
    WireField header = part(parts, HEADER);
    WireField metadata = part(parts, METADATA);
    WireField body = part(parts, BODY);
    Batch batch = new Batch(header.bytes, body.bytes, metadata(metadata.bytes));
    int lies = 1 + random.nextInt(2);
    for (int i = 0; i < lies; i++) {
      lie(batch, random);
    }
    header.bytes = batch.header();
    metadata.bytes = batch.metadata.toBytes();
    body.bytes = batch.body;
    return WireField.bytes(parts);
  }

  private static WireField part(List<WireField> parts, int number) {
    WireField found = parts.stream().filter(p -> p.number == number).findFirst().orElseThrow();
    found.fields = null;
    return found;
  }

  private static PutMetadata metadata(byte[] bytes) {
    try {
      return PutMetadata.parse(ByteBuffer.wrap(bytes));
    } catch (MalformedMessageException e) {
      throw new IllegalStateException("the corpus has no metadata", e);
    }
  }

  private void lie(Batch batch, SplittableRandom random) {
    switch (random.nextInt(24)) {
      case 0 -> rows(batch, number(batch.length, random), random);
      case 1, 2 -> number(one(batch.nodes, random), 0, random);
      case 3, 4 -> nulls(one(batch.nodes, random), random);
      case 5, 6 -> place(batch, one(batch.buffers, random), random);
      case 7, 8 -> number(one(batch.buffers, random), 1, random);
      case 9 -> count(random.nextBoolean() ? batch.nodes : batch.buffers, random);
      case 10 -> {
        List<long[]> in = random.nextBoolean() ? batch.nodes : batch.buffers;
        swap(in, random);
      }
      case 11 -> System.arraycopy(one(batch.buffers, random), 0, one(batch.buffers, random), 0, 2);
      case 12 -> {
        batch.codec = random.nextBoolean() ? CompressionType.ZSTD : CompressionType.LZ4_FRAME;
        long[] buffer = one(batch.buffers, random);
        if (buffer[1] >= Long.BYTES && isInside(batch, buffer)) { // its length, uncompressed
          in(batch).putLong((int) buffer[0], EXTREMES[random.nextInt(EXTREMES.length)]);
        }
      }
      case 13 -> {
        batch.headerType = OTHERS[random.nextInt(OTHERS.length)];
      }
      case 14 -> {
        batch.variadic = new long[1 + random.nextInt(4)];
        Arrays.fill(batch.variadic, EXTREMES[random.nextInt(EXTREMES.length)]);
      }
      case 15 -> metadata(batch, random);
      case 16 -> {
        batch.bodyLength = number(batch.bodyLength, random);
        batch.version = (short) random.nextInt(7);
      }
      case 17 -> {
        int length = random.nextInt(2 * batch.body.length + 1);
        batch.body = Arrays.copyOf(batch.body, length);
      }
      case 18 -> bits(batch, random);
      default -> content(batch, random);
    }
  }

  /** The metadata mostly lie with it, as the two are compared. */
  private static void rows(Batch batch, long length, SplittableRandom random) {
    batch.length = length;
    if (random.nextInt(4) > 0) {
      PutMetadata.Batch first = batch.metadata.batches().get(0);
      PutMetadata.Batch said =
          new PutMetadata.Batch(first.id(), (int) length, first.receivedMicros());
      batch.metadata = new PutMetadata(false, batch.metadata.sequence(), List.of(said));
    }
  }

  private static void metadata(Batch batch, SplittableRandom random) {
    PutMetadata.Batch first = batch.metadata.batches().get(0);
    List<PutMetadata.Batch> said = new ArrayList<>();
    int left = Math.max(0, first.rows());
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      int rows = random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(Math.max(1, left));
      said.add(new PutMetadata.Batch(first.id(), rows, random.nextLong()));
      left -= Math.min(left, rows);
    }
    said.add(new PutMetadata.Batch(first.id(), left, number(first.receivedMicros(), random)));
    batch.metadata = new PutMetadata(random.nextInt(4) == 0, random.nextLong(), said);
  }

  private static void nulls(long[] node, SplittableRandom random) {
    if (random.nextBoolean()) {
      node[1] = node[0]; // then Arrow looks at no bits
    } else {
      number(node, 1, random);
    }
  }

  private static void place(Batch batch, long[] buffer, SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> buffer[0] = batch.body.length - buffer[1] + random.nextInt(3);
      case 1 -> buffer[0] = one(batch.buffers, random)[0]; // on another
      case 2 -> buffer[0] = random.nextInt(batch.body.length + 1); // aligned to nothing
      default -> number(buffer, 0, random);
    }
  }

  private static void count(List<long[]> in, SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> in.remove(random.nextInt(in.size()));
      case 1 -> in.add(random.nextInt(in.size()), one(in, random).clone());
      case 2 -> in.subList(random.nextInt(in.size()), in.size() - 1).clear();
      default -> {
        long[] again = one(in, random);
        for (int i = random.nextInt(MANY); i > 0; i--) {
          in.add(again);
        }
      }
    }
  }

  private static void swap(List<long[]> in, SplittableRandom random) {
    int a = random.nextInt(in.size());
    int b = random.nextInt(in.size());
    long[] kept = in.get(a);
    in.set(a, in.get(b));
    in.set(b, kept);
  }

  /** Validity and booleans: random bits where there were others. */
  private static void bits(Batch batch, SplittableRandom random) {
    long[] buffer = one(batch.buffers, random);
    if (isInside(batch, buffer)) {
      for (int i = 0; i < buffer[1]; i++) {
        batch.body[(int) buffer[0] + i] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
      }
    }
  }

  /** Offsets, run ends and texts of one buffer. */
  private void content(Batch batch, SplittableRandom random) {
    long[] buffer = one(batch.buffers, random);
    for (int i = 0; i < 20 && (buffer[1] < Integer.BYTES || !isInside(batch, buffer)); i++) {
      buffer = one(batch.buffers, random);
    }
    if (buffer[1] < Integer.BYTES || !isInside(batch, buffer)) {
      return;
    }
    int from = (int) buffer[0];
    int count = (int) buffer[1] / Integer.BYTES;
    ByteBuffer in = in(batch);
    int at = from + Integer.BYTES * random.nextInt(count);
    switch (random.nextInt(6)) {
      case 0, 1 -> in.putInt(at, (int) number(in.getInt(at), random));
      case 2 -> { // backwards
        for (int i = 0; i < count / 2; i++) {
          int low = from + Integer.BYTES * i;
          int high = from + Integer.BYTES * (count - 1 - i);
          int kept = in.getInt(low);
          in.putInt(low, in.getInt(high)).putInt(high, kept);
        }
      }
      case 3 -> {
        int other = from + Integer.BYTES * random.nextInt(count);
        int kept = in.getInt(at);
        in.putInt(at, in.getInt(other)).putInt(other, kept);
      }
      case 4 -> {
        int more = (int) number(0, random);
        for (int i = at; i + Integer.BYTES <= from + Integer.BYTES * count; i += Integer.BYTES) {
          in.putInt(i, in.getInt(i) + more); // all behind it
        }
      }
      default -> {
        byte[] damaged =
            bytes.mutate(Arrays.copyOfRange(batch.body, from, from + (int) buffer[1]), random);
        System.arraycopy(damaged, 0, batch.body, from, (int) Math.min(buffer[1], damaged.length));
      }
    }
  }

  private static boolean isInside(Batch batch, long[] buffer) {
    return buffer[0] >= 0
        && buffer[1] >= 0
        && buffer[0] <= batch.body.length
        && buffer[1] <= batch.body.length - buffer[0];
  }

  private static ByteBuffer in(Batch batch) {
    return ByteBuffer.wrap(batch.body).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long[] one(List<long[]> of, SplittableRandom random) {
    return of.get(random.nextInt(of.size()));
  }

  private static void number(long[] in, int at, SplittableRandom random) {
    in[at] = number(in[at], random);
  }

  private static long number(long now, SplittableRandom random) {
    return random.nextBoolean()
        ? now + random.nextInt(17) - 8
        : EXTREMES[random.nextInt(EXTREMES.length)];
  }
}
