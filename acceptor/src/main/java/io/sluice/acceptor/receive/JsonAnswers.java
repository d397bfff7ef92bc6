package io.sluice.acceptor.receive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Answers as proto3 JSON has them.
 *
 * <pre>
 * {}
 * {"partialSuccess":{"rejectedSpans":"3","errorMessage":"..."}}
 * {"code":3,"message":"...","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest",
 *   "fieldViolations":[{"field":"...","description":"..."}]}]}
 * {"code":14,"message":"...","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo",
 *   "retryDelay":"2s"}]}
 * </pre>
 */
final class JsonAnswers {

  private static final JsonFactory FACTORY = new JsonFactory();

  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  /** Export*ServiceResponse; 64 bit numbers are strings. */
  static byte[] of(Outcome.Stored stored, Signal signal) {
    return object(
        out -> {
          if (!stored.equals(Outcome.Stored.ALL)) {
            out.writeObjectFieldStart("partialSuccess");
            if (stored.rejected() != 0) {
              out.writeStringField(rejected(signal), Long.toString(stored.rejected()));
            }
            out.writeStringField("errorMessage", OtlpAnswers.clipped(stored.why()));
            out.writeEndObject();
          }
        });
  }

  static byte[] of(Status status) {
    return object(
        out -> {
          out.writeNumberField("code", status.getCode());
          out.writeStringField("message", status.getMessage());
          if (status.getDetailsCount() > 0) {
            out.writeArrayFieldStart("details");
            for (Any details : status.getDetailsList()) {
              out.writeStartObject();
              out.writeStringField("@type", details.getTypeUrl());
              details(details, out);
              out.writeEndObject();
            }
            out.writeEndArray();
          }
        });
  }

  private static void details(Any details, JsonGenerator out) throws IOException {
    if (details.is(RetryInfo.class)) {
      out.writeStringField("retryDelay", text(unpacked(details, RetryInfo.class).getRetryDelay()));
      return;
    }
    out.writeArrayFieldStart("fieldViolations");
    for (var violation : unpacked(details, BadRequest.class).getFieldViolationsList()) {
      out.writeStartObject();
      out.writeStringField("field", violation.getField());
      out.writeStringField("description", violation.getDescription());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static <T extends com.google.protobuf.Message> T unpacked(Any details, Class<T> type) {
    try {
      return details.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("cannot read what was just written", e);
    }
  }

  private static String text(Duration duration) {
    int millis = duration.getNanos() / 1_000_000;
    return millis == 0
        ? duration.getSeconds() + "s"
        : "%d.%03ds".formatted(duration.getSeconds(), millis);
  }

  private static String rejected(Signal signal) {
    return switch (signal) {
      case TRACES -> "rejectedSpans";
      case LOGS -> "rejectedLogRecords";
      case METRICS -> "rejectedDataPoints";
      case PROFILES -> "rejectedProfiles";
    };
  }

  private static byte[] object(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      content.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    return bytes.toByteArray();
  }

  private JsonAnswers() {}
}
