package io.sluice.acceptor.receive;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.Status;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.schema.table.Signal;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The decoder's limits, as both protocols say them. */
final class DecodeRefusalTest {

  private static void refuses(DecodeLimits limits, String why) throws Exception {
    byte[] body = spans(11, 1).toByteArray();
    try (ReceiverHarness harness =
        new ReceiverHarness(ReceiverHarness.LIMITS, limits, ReceiverHarness::store)) {
      HttpResponse<byte[]> response = harness.post(Signal.TRACES, body);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(Status.parseFrom(response.body()).getMessage()).contains(why);
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> harness.export(Signal.TRACES, body, CallOptions.DEFAULT));
      assertThat(refused.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
      assertThat(refused.getStatus().getDescription()).contains(why);
      harness.awaitNothingHeld();
    }
  }

  @Test
  void tooManyRecordsAreRefused() throws Exception {
    refuses(new DecodeLimits(10, 1 << 20, 1 << 20, 1 << 20, 64), "more than 10 records");
  }

  @Test
  void tooManyBytesOfColumnsAreRefused() throws Exception {
    refuses(new DecodeLimits(100, 300, 1 << 20, 1 << 20, 64), "more than 300 bytes in columns");
    refuses(new DecodeLimits(100, 1 << 20, 300, 1 << 20, 64), "more than 300 bytes in columns");
    refuses(new DecodeLimits(100, 1 << 20, 1 << 20, 300, 64), "more than 300 bytes with resource");
  }

  @Test
  void partialSuccessIsToldOverHttp() throws Exception {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 80; i++) {
      deep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(deep)).build();
    }
    byte[] body =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .addLogRecords(LogRecord.newBuilder().setBody(deep))
                            .addLogRecords(LogRecord.newBuilder().setTimeUnixNano(1))))
            .build()
            .toByteArray();
    try (ReceiverHarness harness =
        new ReceiverHarness(ReceiverHarness.LIMITS, DecodeLimits.DEFAULT, ReceiverHarness::store)) {
      HttpResponse<byte[]> response = harness.post(Signal.LOGS, body);
      assertThat(response.statusCode()).isEqualTo(200);
      ExportLogsServiceResponse said = ExportLogsServiceResponse.parseFrom(response.body());
      assertThat(said.getPartialSuccess().getRejectedLogRecords()).isEqualTo(1);
      assertThat(said.getPartialSuccess().getErrorMessage()).contains("64 levels");
    }
  }
}
