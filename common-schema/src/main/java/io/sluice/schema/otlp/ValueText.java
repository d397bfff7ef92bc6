package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import java.io.IOException;
import java.util.Base64;

/**
 * Text and type letter back to a value. Text that does not fit its letter (a foreign rewrite) is
 * taken as a string and counted. One thread at a time.
 */
final class ValueText {

  private long mismatches;

  AnyValue value(String text, char letter) {
    try {
      return parse(text, letter);
    } catch (IOException | IllegalArgumentException e) {
      mismatches++;
      return string(text);
    }
  }

  private static AnyValue parse(String text, char letter) throws IOException {
    AnyValue.Builder value = AnyValue.newBuilder();
    return switch (letter) {
      case 's' -> string(text);
      case 'i' -> value.setIntValue(Long.parseLong(text)).build();
      case 'd' -> value.setDoubleValue(Double.parseDouble(text)).build();
      case 'b' -> value.setBoolValue(bool(text)).build();
      case 'y' ->
          value.setBytesValue(ByteString.copyFrom(Base64.getDecoder().decode(text))).build();
      case 'j' -> JsonText.parse(text);
      case 'n' -> value.build();
      default -> throw new IllegalArgumentException("unknown type letter " + letter);
    };
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("neither true nor false: " + text);
    }
    return text.equals("true");
  }

  static AnyValue string(String text) {
    return AnyValue.newBuilder().setStringValue(text).build();
  }

  void countMismatch() {
    mismatches++;
  }

  /** Values and maps whose types did not match them. */
  long mismatches() {
    return mismatches;
  }
}
