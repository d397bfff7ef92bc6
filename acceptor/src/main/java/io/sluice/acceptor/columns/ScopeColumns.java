package io.sluice.acceptor.columns;

/** opentelemetry.proto.common.v1.InstrumentationScope and what else belongs to its group. */
public final class ScopeColumns {

  public final BytesColumn name;
  public final BytesColumn version;
  public final AttributeColumns attributes;
  public final IntColumn droppedAttributesCount;
  public final BytesColumn schemaUrl;
  public final BytesColumn raw;

  ScopeColumns(StructColumn of, Shared shared) {
    name = of.bytes("name");
    version = of.bytes("version");
    attributes = shared.attributes(of);
    droppedAttributesCount = of.ints("dropped_attributes_count");
    schemaUrl = of.bytes("schema_url");
    raw = of.bytes("raw");
  }
}
