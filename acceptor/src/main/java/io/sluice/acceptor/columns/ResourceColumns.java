package io.sluice.acceptor.columns;

/** opentelemetry.proto.resource.v1.Resource and what else belongs to the resource's group. */
public final class ResourceColumns {

  public final AttributeColumns attributes;
  public final IntColumn droppedAttributesCount;
  public final BytesColumn schemaUrl;
  public final ListColumn entityRefs;
  public final BytesColumn entitySchemaUrl;
  public final BytesColumn entityType;
  public final ListColumn entityIdKeys;
  public final BytesColumn entityIdKey;
  public final ListColumn entityDescriptionKeys;
  public final BytesColumn entityDescriptionKey;
  public final BytesColumn raw;

  ResourceColumns(StructColumn of, Shared shared) {
    attributes = shared.attributes(of);
    droppedAttributesCount = of.ints("dropped_attributes_count");
    schemaUrl = of.bytes("schema_url");
    entityRefs = of.list("entity_refs");
    StructColumn entity = entityRefs.structs();
    entitySchemaUrl = entity.bytes("schema_url");
    entityType = entity.bytes("type");
    entityIdKeys = entity.list("id_keys");
    entityIdKey = entityIdKeys.strings();
    entityDescriptionKeys = entity.list("description_keys");
    entityDescriptionKey = entityDescriptionKeys.strings();
    raw = of.bytes("raw");
  }
}
