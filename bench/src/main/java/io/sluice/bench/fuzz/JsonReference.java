package io.sluice.bench.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.sluice.bench.fuzz.JsonTree.Digits;
import io.sluice.bench.fuzz.JsonTree.Elements;
import io.sluice.bench.fuzz.JsonTree.Member;
import io.sluice.bench.fuzz.JsonTree.Members;
import io.sluice.bench.fuzz.JsonTree.NotJsonException;
import io.sluice.bench.fuzz.JsonTree.Text;
import io.sluice.bench.fuzz.JsonTree.Value;
import io.sluice.bench.fuzz.JsonTree.Word;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/JSON by Sluice's rules (docs/otlp.md, J1 to J14) and protobuf-java's descriptors: what a
 * document means, or that it means nothing. Throws {@link NotJsonException} for the latter.
 */
final class JsonReference {

  private static final Set<String> TRACE_IDS = Set.of("trace_id", "profile_id");
  private static final Set<String> SPAN_IDS = Set.of("span_id", "parent_span_id");
  private static final int MOST_DIGITS = 600;
  private static final int MOST_NAME = 500;
  private static final BigInteger TWO = BigInteger.TWO;

  /** The rules leave it open whether it is taken. */
  static final class OpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OpenException() {
      super("not said by the rules");
    }
  }

  /** The request that a document is. */
  static DynamicMessage request(byte[] document, Descriptor type) throws NotJsonException {
    return message(JsonTree.parse(document), type);
  }

  private static DynamicMessage message(Value value, Descriptor type) throws NotJsonException {
    if (!(value instanceof Members members)) {
      throw new NotJsonException("no object for a " + type.getName());
    }
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    Set<FieldDescriptor> seen = new HashSet<>();
    for (Member member : members.list()) {
      if (member.name().length() > MOST_NAME || !member.name().equals(wellFormed(member.name()))) {
        throw new OpenException();
      }
      FieldDescriptor field = field(member.name(), type);
      if (field == null) {
        continue;
      }
      if (!seen.add(field)) {
        throw new NotJsonException("twice: " + field);
      }
      if (!isNull(member.value())) {
        put(message, field, member.value());
      }
    }
    return message.build();
  }

  private static boolean isNull(Value value) {
    return value instanceof Word word && word.word().equals("null");
  }

  private static @Nullable FieldDescriptor field(String name, Descriptor type) {
    return type.getFields().stream()
        .filter(field -> field.getJsonName().equals(name) || field.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static void put(DynamicMessage.Builder message, FieldDescriptor field, Value value)
      throws NotJsonException {
    if (!field.isRepeated()) {
      if (field.getContainingOneof() != null && message.hasOneof(field.getContainingOneof())) {
        throw new NotJsonException("two members of a oneof");
      }
      message.setField(field, single(field, value));
    } else if (value instanceof Elements elements) {
      for (Value element : elements.list()) {
        message.addRepeatedField(field, single(field, element));
      }
    } else {
      throw new NotJsonException("no list: " + field);
    }
  }

  private static Object single(FieldDescriptor field, Value value) throws NotJsonException {
    return switch (field.getJavaType()) {
      case MESSAGE -> message(value, field.getMessageType());
      case STRING -> wellFormed(text(value));
      case BYTE_STRING -> bytes(field.getName(), text(value));
      case BOOLEAN -> bool(value);
      case DOUBLE -> number(value);
      case ENUM -> enumeration(field, value);
      case INT, LONG -> integer(field, literal(value));
      case FLOAT -> throw new IllegalStateException("OTLP has no float");
    };
  }

  private static String text(Value value) throws NotJsonException {
    if (value instanceof Text text) {
      return text.text();
    }
    throw new NotJsonException("no text");
  }

  /** Halves of surrogate pairs become U+FFFD. */
  private static String wellFormed(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
    return out.toString();
  }

  private static ByteString bytes(String field, String text) throws NotJsonException {
    int length = TRACE_IDS.contains(field) ? 16 : SPAN_IDS.contains(field) ? 8 : 0;
    if (length == 0) {
      return base64(text);
    }
    if (text.isEmpty()) {
      return ByteString.EMPTY;
    }
    if (!text.matches("[0-9a-fA-F]{" + 2 * length + "}")) {
      throw new NotJsonException("no id: " + text);
    }
    return ByteString.copyFrom(HexFormat.of().parseHex(text));
  }

  private static ByteString base64(String text) throws NotJsonException {
    String bare = text.replaceFirst("={0,2}$", "").replace('-', '+').replace('_', '/');
    if (!bare.matches("[A-Za-z0-9+/]*+") || bare.length() % 4 == 1) {
      throw new NotJsonException("no base64");
    }
    boolean padded = bare.length() < text.length();
    ByteString bytes = ByteString.copyFrom(Base64.getDecoder().decode(bare));
    String again = Base64.getEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    boolean mixed = text.matches(".*[-_].*") && text.matches(".*[+/].*");
    if (mixed || !again.equals(bare) || (padded && text.length() % 4 != 0)) {
      throw new OpenException();
    }
    return bytes;
  }

  private static Boolean bool(Value value) throws NotJsonException {
    if (value instanceof Word word && !isNull(value)) {
      return word.word().equals("true");
    }
    throw new NotJsonException("neither true nor false");
  }

  /** A number's, in quotes or not. */
  private static String literal(Value value) throws NotJsonException {
    String literal = value instanceof Digits number ? number.literal() : text(value);
    if (literal.length() > MOST_DIGITS) {
      throw new OpenException();
    }
    return literal;
  }

  private static Double number(Value value) throws NotJsonException {
    String literal = literal(value);
    if (value instanceof Text) {
      switch (literal) {
        case "NaN":
          return Double.NaN;
        case "Infinity":
          return Double.POSITIVE_INFINITY;
        case "-Infinity":
          return Double.NEGATIVE_INFINITY;
        default:
          break;
      }
    }
    if (!JsonTree.isNumber(literal) || Double.isInfinite(Double.parseDouble(literal))) {
      throw new NotJsonException("no double: " + literal);
    }
    return Double.parseDouble(literal);
  }

  private static Object enumeration(FieldDescriptor field, Value value) throws NotJsonException {
    String literal = literal(value);
    EnumValueDescriptor named =
        value instanceof Text ? field.getEnumType().findValueByName(literal) : null;
    if (named != null) {
      return named;
    }
    int number = whole(literal, 32, true).intValue();
    return field.getEnumType().findValueByNumberCreatingIfUnknown(number);
  }

  private static Object integer(FieldDescriptor field, String literal) throws NotJsonException {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> whole(literal, 32, true).intValue();
      case UINT32, FIXED32 -> whole(literal, 32, false).intValue();
      case INT64, SINT64, SFIXED64 -> whole(literal, 64, true).longValue();
      default -> whole(literal, 64, false).longValue();
    };
  }

  private static BigInteger whole(String literal, int bits, boolean signed)
      throws NotJsonException {
    if (!JsonTree.isNumber(literal)) {
      throw new NotJsonException("no number: " + literal);
    }
    if (literal.matches("(?i).*e.?[0-9]{4,}")) {
      throw new OpenException();
    }
    try {
      BigInteger whole = new BigDecimal(literal).toBigIntegerExact();
      BigInteger end = TWO.pow(signed ? bits - 1 : bits);
      BigInteger least = signed ? end.negate() : BigInteger.ZERO;
      if (whole.compareTo(least) >= 0 && whole.compareTo(end) < 0) {
        return whole;
      }
    } catch (ArithmeticException e) {
      throw new NotJsonException("not whole: " + literal);
    }
    throw new NotJsonException("too large: " + literal);
  }

  private JsonReference() {}
}
