package io.sluice.bench.fuzz;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.MalformedRequestException;
import io.sluice.acceptor.decode.RequestTooLargeException;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What protobuf-java makes of a request, and whether the decoder makes the same of it. What is
 * meant to differ:
 *
 * <ul>
 *   <li>text need not be UTF-8 (here strings are bytes, so that it is compared nevertheless)
 *   <li>messages may nest as deep as they like; a record is rejected alone if values nest deeper in
 *       it than the limit, even in a part that protobuf replaces by a later one, and what lies
 *       behind that in the same message is not read
 *   <li>groups, which are unknown fields, nest up to 100
 *   <li>a varint has ten bytes at most; protobuf-java takes a tenth byte that says more will follow
 *       for the last if it is odd
 * </ul>
 */
final class DecodeOracle {

  private static final int MESSAGE_DEPTH = 400;
  private static final int VARINT = 10;
  private static final int LEVELS = DecodeLimits.DEFAULT.valueLevels();

  private final Map<Signal, Descriptor> types = new EnumMap<>(Signal.class);

  DecodeOracle() {
    TextAsBytes textAsBytes = new TextAsBytes();
    for (Signal signal : Signal.values()) {
      types.put(signal, textAsBytes.request(signal));
    }
  }

  /**
   * Decodes the request with both.
   *
   * @return whether it is taken
   * @throws Finding they disagree
   */
  boolean judge(Signal signal, byte[] request, DecoderUnderTest decoder) throws Finding {
    decoder.beginGrowth();
    Decoded decoded;
    try {
      decoded = decoder.decode(signal, request);
    } catch (MalformedRequestException e) {
      checkRefused(signal, request, String.valueOf(e.getMessage()));
      return false;
    } catch (RequestTooLargeException e) {
      return false;
    }
    decoder.checkGrowth(request.length);
    compare(decoded, signal, request, decoder);
    decoder.give(decoded);
    return true;
  }

  private void checkRefused(Signal signal, byte[] request, String why) throws Finding {
    if (!why.matches("(?s).+ at byte \\d+")) {
      throw new Finding("refused without saying where: " + why);
    }
    try {
      parse(signal, request);
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    if (!why.startsWith("groups nested deeper")
        && !isTenOddBytes(request, why)
        && WireDepth.of(TextAsBytes.strict(signal), request) <= LEVELS) {
      throw new Finding("refused though protobuf-java takes it: " + why);
    }
  }

  private static boolean isTenOddBytes(byte[] request, String why) {
    int at = Integer.parseInt(why.substring(why.lastIndexOf(' ') + 1));
    int last = at + VARINT - 1;
    for (int i = at; i <= Math.min(last, request.length - 1); i++) {
      if (request[i] >= 0) {
        return false;
      }
    }
    return last < request.length && (request[last] & 1) == 1;
  }

  private void compare(Decoded decoded, Signal signal, byte[] request, DecoderUnderTest decoder)
      throws Finding {
    DynamicMessage message;
    try {
      message = parse(signal, request);
    } catch (InvalidProtocolBufferException e) {
      if (WireDepth.of(TextAsBytes.strict(signal), request) > LEVELS) {
        return;
      }
      throw new Finding("taken though protobuf-java refuses it: " + e.getMessage(), e);
    }
    OtlpRecords expected = new OtlpRecords(message, LEVELS);
    long all = expected.size() + expected.rejected();
    check("records, with those rejected", decoded.records() + decoded.rejected(), all);
    check("empty", decoded.empty(), expected.empty());
    if (decoded.rejected() > expected.rejected()
        && WireDepth.of(TextAsBytes.strict(signal), request) > LEVELS) {
      return;
    }
    check("rejected", decoded.rejected(), expected.rejected());
    Map<Table, Integer> rows = new EnumMap<>(Table.class);
    for (Decoded.Part part : decoded.parts()) {
      int from = rows.getOrDefault(part.table(), 0);
      int to = from + part.columns().rows();
      rows.put(part.table(), to);
      List<OtlpRecords.Entry> wanted = expected.entries(part.table());
      if (to > wanted.size()) {
        throw new Finding("%d rows of %s, not %d".formatted(to, part.table(), wanted.size()));
      }
      compare(part.table(), decoder.back(part.columns()), signal, wanted.subList(from, to));
    }
  }

  private void compare(Table table, byte[] back, Signal signal, List<OtlpRecords.Entry> wanted)
      throws Finding {
    List<OtlpRecords.Entry> found;
    try {
      found = new OtlpRecords(parse(signal, back), Integer.MAX_VALUE).entries(table);
    } catch (InvalidProtocolBufferException e) {
      throw new Finding("rows become what is not OTLP: " + e.getMessage(), e);
    }
    check("rows of " + table, found.size(), wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      if (!found.get(i).equals(wanted.get(i))) {
        throw new Finding(
            "record %d of %s comes back as%n%s%n  and was%n%s"
                .formatted(i, table, found.get(i), wanted.get(i)));
      }
    }
  }

  private static void check(String what, long found, long wanted) throws Finding {
    if (found != wanted) {
      throw new Finding("%d %s, not %d".formatted(found, what, wanted));
    }
  }

  private DynamicMessage parse(Signal signal, byte[] request)
      throws InvalidProtocolBufferException {
    CodedInputStream in = CodedInputStream.newInstance(request);
    in.setRecursionLimit(MESSAGE_DEPTH);
    try {
      return DynamicMessage.parseFrom(type(signal), in);
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("cannot read memory", e);
    }
  }

  private Descriptor type(Signal signal) {
    @Nullable Descriptor type = types.get(signal);
    return Objects.requireNonNull(type);
  }
}
