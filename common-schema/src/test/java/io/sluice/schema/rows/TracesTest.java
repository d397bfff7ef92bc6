package io.sluice.schema.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.sluice.schema.slow.SlowWire;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracesTest {

  private static final long RECEIVED = 1_700_000_000_000_000L;
  private static final long START = RECEIVED * 1000 - 5_000_123L;
  private static final long NO_LIMIT = 1 << 30;

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Span span() {
    return Span.newBuilder()
        .setTraceId(ByteString.fromHex("5b8efff798038103d269b633813fc60c"))
        .setSpanId(ByteString.fromHex("eee19b7ec3c1b174"))
        .setTraceState("a=b")
        .setFlags(0xffffff01)
        .setName("GET /")
        .setKindValue(2)
        .setStartTimeUnixNano(START)
        .setEndTimeUnixNano(START + 42)
        .addAttributes(attribute("k", "v"))
        .addAttributes(
            KeyValue.newBuilder().setKey("n").setValue(AnyValue.newBuilder().setIntValue(-7)))
        .addEvents(
            Span.Event.newBuilder()
                .setName("e1")
                .setTimeUnixNano(3)
                .addAttributes(attribute("x", "y")))
        .addEvents(Span.Event.newBuilder().setName("e2").setDroppedAttributesCount(-1))
        .addLinks(Span.Link.newBuilder().setSpanId(ByteString.fromHex("0a")).setFlags(1))
        .setStatus(Status.newBuilder().setCodeValue(2).setMessage("bad"))
        .setDroppedLinksCount(1)
        .build();
  }

  private static ExportTraceServiceRequest request() {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(attribute("host", "h1"))
                        .addAttributes(attribute("service.name", "shop")))
                .setSchemaUrl("r")
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("lib"))
                        .addSpans(span())
                        .addSpans(Span.newBuilder().setKindValue(99))))
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("bare"))))
        .build();
  }

  private static WireBatch batch(VectorSchemaRoot wire) {
    int rows = wire.getRowCount();
    return new WireBatch(
        Table.TRACES, wire, new int[] {rows}, new long[] {RECEIVED}, EventTime.DEFAULT);
  }

  private static String cell(VectorSchemaRoot root, String column, int row) {
    return String.valueOf(root.getVector(column).getObject(row));
  }

  @Test
  void spanBecomesPlainRow() {
    try (VectorSchemaRoot wire = SlowWire.of(request()).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      assertThat(expander.append(batch(wire), 0, 3, NO_LIMIT)).isEqualTo(3);
      VectorSchemaRoot root = expander.finish();
      assertThat(root.getSchema()).isEqualTo(TableSchema.of(Table.TRACES).arrow());
      assertThat(root.getRowCount()).isEqualTo(3);
      StringBuilder row = new StringBuilder();
      root.getFieldVectors()
          .forEach(v -> row.append(v.getName()).append('=').append(v.getObject(0)).append('\n'));
      assertThat(row.toString())
          .isEqualTo(
              """
              time=1699999999994999
              time_source=null
              ingest_time=1700000000000000
              service_name=shop
              trace_id=5b8efff798038103d269b633813fc60c
              span_id=eee19b7ec3c1b174
              parent_span_id=null
              trace_state=a=b
              flags=4294967041
              name=GET /
              kind=SERVER
              start_time_unix_nano=1699999999994999877
              end_time_unix_nano=1699999999994999919
              duration_nano=42
              status_code=ERROR
              status_message=bad
              events=[{"time_unix_nano":3,"name":"e1","attributes":[{"key":"x","value":"y"}],\
              "dropped_attributes_count":0},\
              {"time_unix_nano":0,"name":"e2","attributes":[],\
              "dropped_attributes_count":4294967295}]
              links=[{"span_id":"0a","trace_state":"","attributes":[],\
              "dropped_attributes_count":0,"flags":1}]
              dropped_events_count=0
              dropped_links_count=1
              attributes=[{"key":"k","value":"v"},{"key":"n","value":"-7"}]
              attribute_types=si
              dropped_attributes_count=0
              resource_attributes=[{"key":"host","value":"h1"},{"key":"service.name","value":"shop"}]
              resource_attribute_types=null
              resource_dropped_attributes_count=0
              resource_schema_url=r
              resource_entity_refs=[]
              scope_name=lib
              scope_version=
              scope_attributes=[]
              scope_attribute_types=null
              scope_dropped_attributes_count=0
              scope_schema_url=
              otlp_raw=null
              resource_raw=null
              scope_raw=null
              """);
    }
  }

  @Test
  void whatWasNotSentIsNull() {
    try (VectorSchemaRoot wire = SlowWire.of(request()).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, allocator)) {
      expander.append(batch(wire), 0, 3, NO_LIMIT);
      VectorSchemaRoot root = expander.finish();
      for (String column :
          new String[] {
            "service_name", "resource_attributes", "resource_entity_refs", "scope_name",
            "scope_dropped_attributes_count", "status_code", "status_message", "trace_id"
          }) {
        assertThat(root.getVector(column).isNull(2)).as(column).isTrue();
      }
      assertThat(cell(root, "time_source", 2)).isEqualTo("arrival");
      assertThat(cell(root, "kind", 1)).isEqualTo("99");
      assertThat(cell(root, "kind", 2)).isEqualTo("UNSPECIFIED");
      assertThat(cell(root, "service_name", 1)).isEqualTo("shop");
    }
  }

  @Test
  void onlyAskedColumnsAreExpandedInTheTablesOrder() {
    try (VectorSchemaRoot wire = SlowWire.of(request()).load(allocator);
        RowExpander expander =
            new RowExpander(Table.TRACES, Set.of("name", "time", "scope_name"), allocator)) {
      expander.append(batch(wire), new int[] {9, 2, 0, 1, 9}, 1, 4, NO_LIMIT);
      VectorSchemaRoot root = expander.finish();
      assertThat(root.contentToTSVString())
          .isEqualTo(
              """
              time\tname\tscope_name
              1700000000000000\tbare\tnull
              1699999999994999\tGET /\tlib
              1700000000000000\t\tlib
              """);
    }
  }

  @Test
  void noColumnAtAllStillCountsRows() {
    try (VectorSchemaRoot wire = SlowWire.of(request()).load(allocator);
        RowExpander expander = new RowExpander(Table.TRACES, Set.of(), allocator)) {
      assertThat(expander.append(batch(wire), 0, 3, NO_LIMIT)).isEqualTo(3);
      assertThat(expander.finish().getRowCount()).isEqualTo(3);
    }
  }
}
