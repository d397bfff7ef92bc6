package io.sluice.writer.parquet;

import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/** A struct: its fields side by side. */
final class StructNode extends Node {

  private final Node[] fields;
  private final Slots inner = new Slots();

  StructNode(Node[] fields, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.fields = fields;
  }

  @Override
  void attach(Function<ColumnDescriptor, ColumnChunk> chunks) {
    for (Node field : fields) {
      field.attach(chunks);
    }
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    for (int i = 0; i < fields.length; i++) {
      fields[i].bind(vector.getChildrenFromFields().get(i), from, to);
    }
  }

  @Override
  void write(Slots slots) {
    Slots ofFields = slots.isEmpty() || !validity().hasNulls() ? slots : withoutNulls(slots);
    for (Node field : fields) {
      field.write(ofFields);
    }
  }

  private Slots withoutNulls(Slots slots) {
    if (validity().isAllNull() && slots.isDense() && slots.count() > 0 && isNull(0)) {
      inner.setEmpty(slots, nullLevel);
      return inner;
    }
    inner.setLike(slots);
    for (int i = 0; i < slots.count(); i++) {
      int place = slots.place(i);
      inner.setPlace(i, place >= 0 && isNull(place) ? ~nullLevel : place);
    }
    return inner;
  }
}
