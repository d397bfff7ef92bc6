package io.sluice.acceptor.transcode;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.sluice.acceptor.transcode.Field.Label;
import io.sluice.acceptor.transcode.TranscodeException.Reason;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/JSON to protobuf's wire format, for one request. Jackson says which token comes where; names
 * choose fields; the scalars' bytes are taken from the request itself, so that no text is copied
 * but into the result. Messages inside each other are a list of frames, not calls.
 *
 * <p>The result is at most four times as long as the JSON: an element of a packed list is two bytes
 * there ("0,") and eight here; in everything else names and digits outweigh tags and numbers.
 */
public final class Transcoder {

  /** How much longer JSON is than what it becomes, as a rule: to begin with, room is for that. */
  private static final int USUAL_GAIN = 2;

  /** JSON objects and lists inside each other: far beyond the values that a record may have. */
  static final int MAX_NESTING = 10_000;

  private static final int MAX_NAME = 50_000;

  /** Before a value that is taken apart behind the end of the result: its tag and length. */
  private static final int HEADROOM = 16;

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxNestingDepth(MAX_NESTING)
          .maxNameLength(MAX_NAME)
          .maxStringLength(Integer.MAX_VALUE) // a request has its limit
          .build();

  private static final Pattern JACKSONS_OWN =
      Pattern.compile(
          " \\(start marker at [^)]*\\)[^)]*\\)|, from `[^`]*`| \\(JSON standard[^)]*\\)");

  private final byte[] json;
  private final int length;
  private final WireWriter out;
  private final Escapes escapes;
  private final Literal literal = new Literal();
  private Frame[] frames = new Frame[0];
  private int depth;
  private final UnknownFields unknown;
  private long enumNames;

  private Transcoder(byte[] json, int length, int limit, Room room) throws TranscodeException {
    this.json = json;
    this.length = length;
    this.out = new WireWriter(room, length / USUAL_GAIN, limit);
    this.escapes = new Escapes(json, length);
    this.unknown = new UnknownFields(room);
  }

  /**
   * Transcodes an Export{Trace,Logs,Metrics}ServiceRequest.
   *
   * @param length of the JSON in its array
   * @param limit of the result, in bytes
   * @param room is told of the result and of what is used on the way; after a failure, not of what
   *     was given up
   * @throws TranscodeException if there is no result
   */
  public static Transcoded transcode(Signal signal, byte[] json, int length, int limit, Room room)
      throws TranscodeException {
    Utf8.check(json, length);
    return new Transcoder(json, length, limit, room).request(request(signal));
  }

  /** One for each request: a factory keeps the names that its parsers have seen, whoever's. */
  private static JsonFactory factory() {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(LIMITS)
        .build();
  }

  private static Message request(Signal signal) {
    return switch (signal) {
      case TRACES -> TraceMessages.REQUEST;
      case LOGS -> LogMessages.REQUEST;
      case METRICS -> MetricMessages.REQUEST;
      case PROFILES -> ProfileMessages.REQUEST;
    };
  }

  private Transcoded request(Message request) throws TranscodeException {
    try (JsonParser in = factory().createParser(json, 0, length)) {
      try {
        document(in, request);
      } catch (ValueException e) {
        throw malformed(e.what(), in.currentTokenLocation());
      }
    } catch (JacksonException e) {
      throw malformed(plain(String.valueOf(e.getOriginalMessage())), e.getLocation());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read memory", e);
    }
    int written = out.finish();
    unknown.release();
    return new Transcoded(out.buf, written, enumNames, escapes.replaced(), unknown.count());
  }

  private void document(JsonParser in, Message request) throws IOException, TranscodeException {
    JsonToken first = in.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw new ValueException(
          first == null ? "it is empty (send {} if there is nothing)" : "not an object");
    }
    push(request, 0);
    while (depth > 0) {
      JsonToken token = in.nextToken();
      Frame frame = frames[depth - 1];
      switch (token) {
        case FIELD_NAME -> name(frame, in);
        case START_OBJECT -> object(frame);
        case END_OBJECT -> pop(frame);
        case START_ARRAY -> list(frame);
        case END_ARRAY -> endList(frame);
        case VALUE_NULL -> nothing(frame);
        default -> scalar(frame, token, in);
      }
    }
    if (in.nextToken() != null) {
      throw new ValueException("more behind the end of the request");
    }
  }

  /** A field that we do not know is passed, whatever it holds. */
  private void name(Frame frame, JsonParser in) throws IOException, TranscodeException {
    String name = in.currentName();
    Field field = frame.message.field(name);
    frame.name(field);
    if (field == null) {
      unknown.pass(name, depth == 1, in);
    }
  }

  private void object(Frame frame) throws TranscodeException {
    Field field = expected(frame);
    if (!(field.type() instanceof Message message)) {
      throw new ValueException("not a scalar");
    }
    out.varint(field.tag());
    push(message, out.begin());
  }

  private void push(Message message, int begun) {
    if (depth == frames.length) {
      frames = Arrays.copyOf(frames, Math.max(16, 2 * depth));
      for (int i = depth; i < frames.length; i++) {
        frames[i] = new Frame();
      }
    }
    frames[depth++].start(message, begun);
  }

  private void pop(Frame frame) {
    depth--;
    if (depth > 0) {
      out.end(frame.begun);
      frames[depth - 1].next();
    }
  }

  private static void list(Frame frame) {
    Field field = field(frame);
    if (!field.repeated() || frame.inList()) {
      throw new ValueException("a list where none is");
    }
    frame.list();
  }

  private void endList(Frame frame) {
    if (field(frame).packed() && frame.index() > 0) {
      out.end(frame.packed);
    }
    frame.endList();
  }

  private static void nothing(Frame frame) {
    if (frame.inList()) {
      throw new ValueException("null in a list");
    }
  }

  private static Field field(Frame frame) {
    Field field = frame.field;
    if (field == null) {
      throw new IllegalStateException("a value without a name");
    }
    return field;
  }

  /** The field of a value that is there. */
  private static Field expected(Frame frame) {
    Field field = field(frame);
    if (field.repeated() && !frame.inList()) {
      throw new ValueException("not a list");
    }
    if (field.label() == Label.ONEOF) {
      frame.choose();
    }
    return field;
  }

  private void scalar(Frame frame, JsonToken token, JsonParser in) throws TranscodeException {
    Field field = expected(frame);
    int start = (int) in.currentTokenLocation().getByteOffset();
    if (field.type() instanceof Message) {
      throw new ValueException("not an object");
    }
    if (field.type().wireType() == Type.LEN) {
      if (token != JsonToken.VALUE_STRING) {
        throw new ValueException("not a string");
      }
      text(field, (Scalar) field.type(), start + 1);
    } else if (field.type() == Scalar.BOOL) {
      if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
        throw new ValueException("not true or false");
      }
      number(frame, field, token == JsonToken.VALUE_TRUE ? 1 : 0);
    } else {
      read(token, start);
      number(frame, field, bits(field.type()));
    }
    literal.at(json, 0, 0); // it may have kept a buffer that is given up when the result grows
    frame.next();
  }

  /** A number's literal, in quotes or not. */
  private void read(JsonToken token, int start) throws TranscodeException {
    if (token == JsonToken.VALUE_STRING) {
      quoted(start + 1);
    } else if (token.isNumeric()) {
      literal.number(json, start, length);
    } else {
      throw new ValueException("not a number");
    }
  }

  /** What is between quotes; with escapes it is put, without them, behind the result. */
  private void quoted(int start) throws TranscodeException {
    int quote = escapes.quote(start);
    if (quote >= 0) {
      literal.at(json, start, quote);
    } else {
      out.ensure(HEADROOM + ~quote - start);
      int from = out.pos + HEADROOM;
      literal.at(out.buf, from, escapes.write(start, ~quote, out.buf, from));
    }
  }

  private void text(Field field, Scalar type, int start) throws TranscodeException {
    if (type == Scalar.STRING) {
      string(field, start);
      return;
    }
    quoted(start);
    if (literal.from == literal.to && field.implicit()) {
      return;
    }
    out.ensure(HEADROOM + literal.to - literal.from); // as it is there already, if it has escapes
    out.varint(field.tag());
    int begun = out.begin();
    out.pos +=
        switch (type) {
          case TRACE_ID -> Digits.hex(literal, 16, out.buf, out.pos);
          case SPAN_ID -> Digits.hex(literal, 8, out.buf, out.pos);
          default -> Digits.base64(literal, out.buf, out.pos);
        };
    out.end(begun);
  }

  private void string(Field field, int start) throws TranscodeException {
    int quote = escapes.quote(start);
    if (quote == start && field.implicit()) {
      return;
    }
    out.varint(field.tag());
    if (quote >= 0) {
      out.varint(quote - start);
      out.bytes(json, start, quote - start);
      return;
    }
    int begun = out.begin();
    out.ensure(~quote - start);
    out.pos = escapes.write(start, ~quote, out.buf, out.pos);
    out.end(begun);
  }

  /** The literal as 64 bits, of which the wire has what the type says. */
  private long bits(Type type) {
    if (!(type instanceof Scalar scalar)) {
      return enumeration((Enumeration) type);
    }
    return switch (scalar) {
      case INT32 -> literal.int32();
      case UINT32, FIXED32 -> literal.uint32() & 0xffffffffL;
      case SINT32 -> zigzag(literal.int32());
      case INT64, SFIXED64 -> literal.int64();
      case UINT64, FIXED64 -> literal.uint64();
      case DOUBLE -> Double.doubleToRawLongBits(literal.number());
      default -> throw new IllegalStateException("no number: " + scalar);
    };
  }

  private static long zigzag(int value) {
    return (value << 1 ^ value >> 31) & 0xffffffffL;
  }

  private long enumeration(Enumeration type) {
    if (literal.startsAsNumber()) {
      return literal.int32();
    }
    for (int i = 0; i < type.names().size(); i++) {
      if (literal.is(type.names().get(i))) {
        enumNames++;
        return i;
      }
    }
    throw literal.not("known name or number");
  }

  private void number(Frame frame, Field field, long bits) throws TranscodeException {
    if (bits == 0 && field.implicit()) {
      return;
    }
    if (!field.packed()) {
      out.varint(field.tag());
    } else if (frame.index() == 0) {
      out.varint(field.tag());
      frame.packed = out.begin();
    }
    switch (field.type().wireType()) {
      case Type.VARINT -> out.varint(bits);
      case Type.I32 -> out.fixed32((int) bits);
      default -> out.fixed64(bits);
    }
  }

  /** Without what Jackson says of itself. */
  private static String plain(String message) {
    return JACKSONS_OWN.matcher(message).replaceAll("");
  }

  private TranscodeException malformed(String what, @Nullable JsonLocation at) {
    String path = JsonPath.of(frames, depth);
    StringBuilder message = new StringBuilder("cannot read the request: ");
    message.append(path).append(path.isEmpty() ? "" : ": ").append(what);
    if (at != null) {
      message.append(" (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()));
    }
    return new TranscodeException(
        Reason.MALFORMED, path.isEmpty() ? TranscodeException.TOP : path, message.toString());
  }
}
