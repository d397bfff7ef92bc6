package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnWriteStore;

/** A struct: its fields side by side. */
final class StructNode extends Node {

  private final Node[] fields;

  StructNode(Node[] fields, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.fields = fields;
  }

  @Override
  void attach(ColumnWriteStore store) {
    for (Node field : fields) {
      field.attach(store);
    }
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    for (int i = 0; i < fields.length; i++) {
      fields[i].bind(vector.getChildrenFromFields().get(i), from, to);
    }
  }

  @Override
  void writeValue(int index, int repetition) {
    for (Node field : fields) {
      field.write(index, repetition);
    }
  }

  @Override
  void writeNull(int repetition, int level) {
    for (Node field : fields) {
      field.writeNull(repetition, level);
    }
  }
}
