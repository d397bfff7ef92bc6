package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.EntityRef;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;

/**
 * A row to the levels that it shares with others. The four signals' groups have the same numbers:
 * resource or scope 1, what hangs below 2, schema URL 3.
 */
final class Groups {

  private static final int IN_REQUEST = 1;
  private static final int IN_RESOURCE = 2;

  static Level resource(Cells row, int i, Attributes attributes) {
    if (!row.isNull("resource_raw", i)) {
      return new Level(IN_REQUEST, row.bytes("resource_raw", i));
    }
    ResourceSpans.Builder group =
        ResourceSpans.newBuilder().setSchemaUrl(row.text("resource_schema_url", i));
    if (!row.isNull("resource_attributes", i)) {
      group.setResource(
          Resource.newBuilder()
              .addAllAttributes(
                  attributes.of(row, "resource_attributes", "resource_attribute_types", i))
              .setDroppedAttributesCount(row.unsigned("resource_dropped_attributes_count", i))
              .addAllEntityRefs(entityRefs(row.list("resource_entity_refs"), i)));
    }
    return new Level(IN_REQUEST, bytes(group.build()));
  }

  private static List<EntityRef> entityRefs(ListVector list, int i) {
    Cells cells = Cells.ofElements(list);
    List<EntityRef> refs = new ArrayList<>();
    for (int e = list.getElementStartIndex(i); e < list.getElementEndIndex(i); e++) {
      refs.add(
          EntityRef.newBuilder()
              .setSchemaUrl(cells.text("schema_url", e))
              .setType(cells.text("type", e))
              .addAllIdKeys(texts(cells.list("id_keys"), e))
              .addAllDescriptionKeys(texts(cells.list("description_keys"), e))
              .build());
    }
    return refs;
  }

  private static List<String> texts(ListVector list, int i) {
    VarCharVector elements = (VarCharVector) list.getDataVector();
    List<String> texts = new ArrayList<>();
    for (int e = list.getElementStartIndex(i); e < list.getElementEndIndex(i); e++) {
      texts.add(elements.getObject(e).toString());
    }
    return texts;
  }

  static Level scope(Cells row, int i, Attributes attributes) {
    if (!row.isNull("scope_raw", i)) {
      return new Level(IN_RESOURCE, row.bytes("scope_raw", i));
    }
    ScopeSpans.Builder group =
        ScopeSpans.newBuilder().setSchemaUrl(row.text("scope_schema_url", i));
    if (!row.isNull("scope_attributes", i)) {
      group.setScope(
          InstrumentationScope.newBuilder()
              .setName(row.text("scope_name", i))
              .setVersion(row.text("scope_version", i))
              .addAllAttributes(attributes.of(row, "scope_attributes", "scope_attribute_types", i))
              .setDroppedAttributesCount(row.unsigned("scope_dropped_attributes_count", i)));
    }
    return new Level(IN_RESOURCE, bytes(group.build()));
  }

  private static ByteString bytes(Message message) {
    return message.toByteString();
  }

  private Groups() {}
}
