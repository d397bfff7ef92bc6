package io.sluice.bench.fuzz;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.acceptor.transcode.Room;
import io.sluice.acceptor.transcode.TranscodeException;
import io.sluice.acceptor.transcode.Transcoded;
import io.sluice.acceptor.transcode.Transcoder;
import io.sluice.bench.fuzz.JsonTree.NotJsonException;
import io.sluice.bench.fuzz.mutate.JsonMutator;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The JSON transcoder, against {@link JsonReference}: it takes what that takes, and both mean the
 * same. Inputs are {@link SignalInput}s.
 */
final class JsonTarget implements FuzzTarget {

  private static final int INPUTS_PER_CHECK = 10_000;
  private static final int LARGEST = 64 << 20;
  private static final int MESSAGE_DEPTH = 400;
  private static final int ROOM_PER_BYTE = 64;
  private static final int ROOM_AT_LEAST = 64 << 10;

  private final Corpus corpus;
  private final JsonMutator tokens = new JsonMutator();

  JsonTarget(Corpus corpus) {
    this.corpus = corpus;
  }

  @Override
  public String name() {
    return "json";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    Signal signal = SignalInput.any(random);
    byte[] document =
        tokens.mutate(corpus.json(signal, random), corpus.json(signal, random), random);
    return new SignalInput(signal, document).bytes();
  }

  @Override
  public Verdict feed(byte[] input) throws Finding {
    SignalInput of = SignalInput.parse(input);
    byte[] json = of.request();
    CountingRoom room = new CountingRoom();
    Transcoded transcoded;
    try {
      transcoded = Transcoder.transcode(of.signal(), json, json.length, LARGEST, room);
    } catch (TranscodeException e) {
      checkRefused(of, e);
      return Verdict.REJECTED;
    }
    if (room.most > ROOM_AT_LEAST + (long) ROOM_PER_BYTE * json.length) {
      throw new Finding("%d bytes of JSON took %d of room".formatted(json.length, room.most));
    }
    compare(of, transcoded);
    return Verdict.ACCEPTED;
  }

  /** Refused though it is JSON that OTLP would have us take, and lose. */
  private static boolean ours(String why) {
    return why.contains("is of another signal") || why.contains("names of unknown fields");
  }

  private static void checkRefused(SignalInput of, TranscodeException refused) throws Finding {
    if (refused.reason() != TranscodeException.Reason.MALFORMED) {
      throw new Finding("refused as " + refused.reason());
    }
    if (ours(String.valueOf(refused.getMessage()))) {
      return;
    }
    try {
      JsonReference.request(of.request(), TextAsBytes.strict(of.signal()));
    } catch (NotJsonException | JsonReference.OpenException e) {
      return;
    }
    throw new Finding("refused though it has a meaning: " + refused.getMessage());
  }

  private static void compare(SignalInput of, Transcoded transcoded) throws Finding {
    DynamicMessage expected;
    try {
      expected = JsonReference.request(of.request(), TextAsBytes.strict(of.signal()));
    } catch (NotJsonException e) {
      throw new Finding("taken though it has no meaning: " + e.getMessage(), e);
    } catch (JsonReference.OpenException e) {
      expected = null;
    }
    DynamicMessage found = parse(of, transcoded);
    if (expected != null
        && found != null
        && !found.toByteString().equals(expected.toByteString())) {
      throw new Finding("it became%n%s%n  and means%n%s".formatted(found, expected));
    }
  }

  /** Null if it is deeper than protobuf-java can be asked to go. */
  private static @Nullable DynamicMessage parse(SignalInput of, Transcoded transcoded)
      throws Finding {
    CodedInputStream in = CodedInputStream.newInstance(transcoded.array(), 0, transcoded.length());
    in.setRecursionLimit(MESSAGE_DEPTH);
    try {
      return DynamicMessage.parseFrom(TextAsBytes.strict(of.signal()), in);
    } catch (InvalidProtocolBufferException e) {
      if (String.valueOf(e.getMessage()).contains("too many levels")) {
        return null;
      }
      throw new Finding("it became what protobuf-java refuses: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read memory", e);
    }
  }

  @Override
  public int inputsPerCheck() {
    return INPUTS_PER_CHECK;
  }

  /** Nothing is kept between inputs. */
  @Override
  public void check() {}

  @Override
  public void close() {}

  private static final class CountingRoom implements Room {
    private long used;
    private long most;

    @Override
    public boolean use(long more) {
      used += more;
      most = Math.max(most, used);
      return true;
    }

    @Override
    public void free(long less) {
      used -= less;
    }
  }
}
