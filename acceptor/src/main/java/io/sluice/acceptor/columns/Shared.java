package io.sluice.acceptor.columns;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** What all attribute columns of one table have in common: a spare map's entries, and the seed. */
final class Shared {

  private final StructColumn entries;
  private final long seed;
  private final List<AttributeColumns> all = new ArrayList<>();

  Shared(BufferSource source, long seed) {
    this.entries = new StructColumn(source, List.of(text("key"), text("value")));
    this.seed = seed;
  }

  StructColumn entries() {
    return entries;
  }

  KeySet newKeySet() {
    return new KeySet(seed);
  }

  AttributeColumns attributes(StructColumn of, String name, String types) {
    AttributeColumns attributes = new AttributeColumns(of.list(name), of.bytes(types), this);
    all.add(attributes);
    return attributes;
  }

  /** The columns were cut back to rows that are whole. */
  void cut() {
    for (int i = 0; i < all.size(); i++) {
      all.get(i).cut();
    }
  }

  /** Bytes of memory that all of them hold on the heap. */
  long capacity() {
    long bytes = 0;
    for (int i = 0; i < all.size(); i++) {
      bytes += all.get(i).capacity();
    }
    return bytes;
  }

  AttributeColumns attributes(StructColumn of) {
    return attributes(of, "attributes", "attribute_types");
  }

  private static Field text(String name) {
    return new Field(name, FieldType.nullable(new ArrowType.Utf8()), null);
  }
}
