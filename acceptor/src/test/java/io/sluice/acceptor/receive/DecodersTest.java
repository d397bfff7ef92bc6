package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.schema.table.Signal;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stays between requests. */
final class DecodersTest {

  private final BufferAllocator allocator = new RootAllocator();
  private final ColumnsPool pool = new ColumnsPool(allocator, 1, 16, 4L << 20);
  private final Decoders decoders = new Decoders(pool, DecodeLimits.DEFAULT);

  @AfterEach
  void close() {
    decoders.close();
    pool.close();
    allocator.close();
  }

  private static byte[] request(Resource resource, LogRecord record) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(resource)
                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
        .build()
        .toByteArray();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private void decode(byte[] request) {
    Decoded decoded = decoders.decode(Signal.LOGS, request, request.length);
    decoded.parts().forEach(decoders::free);
  }

  @Test
  void largeResourceIsNotKept() {
    LogRecord record = LogRecord.newBuilder().setTimeUnixNano(1).build();
    decode(request(Resource.newBuilder().addAttributes(text("k", "v")).build(), record));
    long before = allocator.getAllocatedMemory();
    String large = "x".repeat(20 << 20);
    decode(request(Resource.newBuilder().addAttributes(text("k", large)).build(), record));
    assertThat(allocator.getAllocatedMemory()).isLessThanOrEqualTo(before);
  }

  @Test
  void memoryOfALargeMapIsCounted() {
    KeyValueList.Builder map = KeyValueList.newBuilder();
    Resource.Builder resource = Resource.newBuilder();
    for (int i = 0; i < 50_000; i++) {
      map.addValues(text("key-" + i, ""));
      resource.addAttributes(text("key-" + i, ""));
    }
    byte[] value =
        request(
            Resource.getDefaultInstance(),
            LogRecord.newBuilder().setBody(AnyValue.newBuilder().setKvlistValue(map)).build());
    byte[] attributes = request(resource.build(), LogRecord.getDefaultInstance());
    for (byte[] request : new byte[][] {value, attributes}) {
      try (RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
        long before = decoder.capacity();
        decoder.decode(Signal.LOGS, request, 0, request.length).parts().forEach(decoders::free);
        assertThat(decoder.capacity() - before).isGreaterThan(1 << 20);
      }
    }
  }
}
