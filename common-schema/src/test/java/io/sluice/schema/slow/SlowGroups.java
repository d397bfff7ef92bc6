package io.sluice.schema.slow;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.EntityRef;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;

/** What rows share: resource and scope. */
final class SlowGroups {

  /**
   * @param resource null if none was sent
   * @param group the resource's group without its scope groups
   */
  static SlowRow resource(Resource resource, String schemaUrl, Message group) {
    SlowRow row = new SlowRow().with("schema_url", schemaUrl).with("raw", raw(group));
    if (resource == null) {
      return row.with("attributes", null)
          .with("attribute_types", null)
          .with("dropped_attributes_count", null)
          .with("entity_refs", null);
    }
    return row.withAttributes("attributes", "attribute_types", resource.getAttributesList())
        .with("dropped_attributes_count", resource.getDroppedAttributesCount())
        .with(
            "entity_refs",
            resource.getEntityRefsList().stream().map(SlowGroups::entityRef).toList());
  }

  private static SlowRow entityRef(EntityRef ref) {
    return new SlowRow()
        .with("schema_url", ref.getSchemaUrl())
        .with("type", ref.getType())
        .with("id_keys", ref.getIdKeysList().stream().toList())
        .with("description_keys", ref.getDescriptionKeysList().stream().toList());
  }

  /**
   * @param scope null if none was sent
   * @param group the scope's group without its records
   */
  static SlowRow scope(InstrumentationScope scope, String schemaUrl, Message group) {
    SlowRow row = new SlowRow().with("schema_url", schemaUrl).with("raw", raw(group));
    if (scope == null) {
      return row.with("name", null)
          .with("version", null)
          .with("attributes", null)
          .with("attribute_types", null)
          .with("dropped_attributes_count", null);
    }
    return row.with("name", scope.getName())
        .with("version", scope.getVersion())
        .withAttributes("attributes", "attribute_types", scope.getAttributesList())
        .with("dropped_attributes_count", scope.getDroppedAttributesCount());
  }

  static ByteString raw(Message message) {
    return SlowText.inverts(message) ? null : message.toByteString();
  }

  private SlowGroups() {}
}
