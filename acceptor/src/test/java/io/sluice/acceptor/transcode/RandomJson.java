package io.sluice.acceptor.transcode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Messages as OTLP/JSON, each in one of the many ways it may be written: fields in any order, names
 * in either spelling, numbers with and without quotes, null for what is not set, fields that nobody
 * knows in between. Written from OTLP's rules and the descriptors, not from the tables.
 */
public final class RandomJson {

  private static final Set<String> HEX =
      Set.of("trace_id", "span_id", "parent_span_id", "profile_id");

  private final Random random;
  private final StringBuilder out = new StringBuilder();
  private int unknown;

  public RandomJson(Random random) {
    this.random = random;
  }

  public byte[] bytes(Message message) {
    out.setLength(0);
    if (one(4)) {
      out.append('\ufeff');
    }
    space();
    message(message);
    space();
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void message(Message message) {
    List<Runnable> members = new ArrayList<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean set =
          field.isRepeated()
              ? message.getRepeatedFieldCount(field) > 0
              : message.hasField(field) || isDefaultWritten(field);
      if (set) {
        members.add(() -> member(field, message.getField(field)));
      } else if (one(8)) {
        members.add(() -> name(field).append(field.isRepeated() && one(2) ? "[]" : "null"));
      }
    }
    if (one(6)) {
      members.add(this::unknown);
    }
    Collections.shuffle(members, random);
    out.append('{');
    for (int i = 0; i < members.size(); i++) {
      out.append(i > 0 ? "," : "");
      space();
      members.get(i).run();
      space();
    }
    out.append('}');
  }

  /** What has no presence may be written though it is not set. */
  private boolean isDefaultWritten(FieldDescriptor field) {
    return !field.hasPresence() && one(6);
  }

  private void member(FieldDescriptor field, Object value) {
    name(field);
    if (!field.isRepeated()) {
      value(field, value);
      return;
    }
    out.append('[');
    String comma = "";
    for (Object element : (List<?>) value) {
      out.append(comma);
      space();
      value(field, element);
      comma = ",";
    }
    out.append(']');
  }

  private StringBuilder name(FieldDescriptor field) {
    string(one(3) ? field.getName() : field.getJsonName());
    space();
    return out.append(':');
  }

  private void value(FieldDescriptor field, Object value) {
    space();
    switch (field.getType()) {
      case MESSAGE -> message((Message) value);
      case ENUM -> number(Integer.toString(((EnumValueDescriptor) value).getNumber()));
      case STRING -> string((String) value);
      case BOOL -> out.append(value);
      case BYTES -> string(bytes(field, (ByteString) value));
      case DOUBLE -> number((Double) value);
      case UINT32, FIXED32 -> number(Integer.toUnsignedString((Integer) value));
      case UINT64, FIXED64 -> number(Long.toUnsignedString((Long) value));
      default -> number(value.toString());
    }
    space();
  }

  private String bytes(FieldDescriptor field, ByteString value) {
    byte[] bytes = value.toByteArray();
    if (HEX.contains(field.getName())) {
      HexFormat format = one(2) ? HexFormat.of() : HexFormat.of().withUpperCase();
      return format.formatHex(bytes);
    }
    Base64.Encoder encoder = one(2) ? Base64.getEncoder() : Base64.getUrlEncoder();
    return (one(2) ? encoder : encoder.withoutPadding()).encodeToString(bytes);
  }

  private void number(double value) {
    if (Double.isFinite(value)) {
      String text = Double.toString(value);
      quoted(text.endsWith(".0") && one(2) ? text.substring(0, text.length() - 2) : text);
    } else {
      string(Double.toString(value));
    }
  }

  private void number(String integer) {
    quoted(integer + List.of("", "", ".0", "e0", ".00E+0").get(random.nextInt(5)));
  }

  private void quoted(String number) {
    if (one(2)) {
      string(number);
    } else {
      out.append(number);
    }
  }

  private void string(String value) {
    boolean escaped = one(4);
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      String letter = "\b\f\n\r\t\"\\/".indexOf(c) < 0 ? null : letter(c);
      int code = value.codePointAt(i);
      i += Character.charCount(code) - 1;
      if (letter != null && (c != '/' || escaped) && one(2)) {
        out.append(letter);
      } else if (c < ' ' || c == '"' || c == '\\' || (escaped && one(3))) {
        for (char half : Character.toChars(code)) {
          out.append((one(2) ? "\\u%04x" : "\\u%04X").formatted((int) half));
        }
      } else {
        out.appendCodePoint(code);
      }
    }
    out.append('"');
  }

  private static String letter(char c) {
    return "\\" + "bfnrt\"\\/".charAt("\b\f\n\r\t\"\\/".indexOf(c));
  }

  /** A field that nobody knows, with any value. */
  private void unknown() {
    string("unknown" + unknown++);
    out.append(':');
    any(random.nextInt(6));
  }

  private void any(int depth) {
    switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> out.append("null");
      case 1 -> out.append(random.nextBoolean());
      case 2 -> out.append(random.nextLong());
      case 3 -> out.append(random.nextGaussian());
      case 4 -> out.append("1e999");
      case 5 -> string("traceId\"}]é€𝄞\\");
      case 6 -> {
        out.append("[");
        any(depth - 1);
        out.append(",");
        any(depth - 1);
        out.append("]");
      }
      default -> {
        out.append("{\"traceId\":");
        any(depth - 1);
        out.append(",\"spans\":");
        any(depth - 1);
        out.append("}");
      }
    }
  }

  private void space() {
    if (one(5)) {
      out.append(List.of(" ", "\n", "\t", "\r\n  ").get(random.nextInt(4)));
    }
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }
}
