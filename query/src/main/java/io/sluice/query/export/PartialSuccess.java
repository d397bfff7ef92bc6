package io.sluice.query.export;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

/** Reads the response of any signal: all three have the same fields under other names. */
final class PartialSuccess {

  private PartialSuccess() {}

  static Answer read(byte[] response) {
    if (response.length == 0) {
      return new Answer.Acked(0, "");
    }
    try {
      ExportTracePartialSuccess partial =
          ExportTraceServiceResponse.parseFrom(response).getPartialSuccess();
      return new Answer.Acked(partial.getRejectedSpans(), partial.getErrorMessage());
    } catch (InvalidProtocolBufferException e) {
      return new Answer.Refused("MALFORMED_RESPONSE", String.valueOf(e.getMessage()));
    }
  }
}
