package io.sluice.schema.table;

/** Whose attributes: each has a map column in every table. */
public enum AttributeSource {
  RESOURCE("resource_attributes", "resource_", "the resource"),
  SCOPE("scope_attributes", "scope_", "the scope"),
  RECORD("attributes", "attribute_", "the record");

  private final String mapColumn;
  private final String prefix;
  private final String owner;

  AttributeSource(String mapColumn, String prefix, String owner) {
    this.mapColumn = mapColumn;
    this.prefix = prefix;
    this.owner = owner;
  }

  /** The column that has them all. */
  public String mapColumn() {
    return mapColumn;
  }

  /** What the name of a column that has one of them begins with. */
  String prefix() {
    return prefix;
  }

  /** In a sentence. */
  String owner() {
    return owner;
  }
}
