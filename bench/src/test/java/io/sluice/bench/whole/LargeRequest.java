package io.sluice.bench.whole;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.Random;

/** Few bytes on the wire that are many in plain rows: what streams them out cuts them. */
final class LargeRequest {

  private static final int RECORDS = 300;
  private static final int RESOURCE_BYTES = 40_000;

  /** 12 MB of plain rows, one resource. */
  static byte[] logs(Random random) {
    String text = Long.toHexString(random.nextLong()).repeat(RESOURCE_BYTES / 16);
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (int i = 0; i < RECORDS; i++) {
      byte[] id = new byte[16];
      random.nextBytes(id);
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setTraceId(ByteString.copyFrom(id))
              .setSeverityNumberValue(i % 24)
              .setBody(AnyValue.newBuilder().setStringValue("record " + i)));
    }
    KeyValue attribute =
        KeyValue.newBuilder()
            .setKey("process.command_line")
            .setValue(AnyValue.newBuilder().setStringValue(text))
            .build();
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute))
                .addScopeLogs(scope))
        .build()
        .toByteArray();
  }

  private LargeRequest() {}
}
