package io.sluice.acceptor.columns;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;

/** Fields filled in step; a struct itself is never null. One thread fills it. */
public final class StructColumn extends Column {

  private final List<String> names = new ArrayList<>();
  private final Column[] fields;
  private final Validity validity;

  StructColumn(BufferSource source, Field field) {
    this(source, field.getChildren());
  }

  StructColumn(BufferSource source, List<Field> children) {
    this.validity = new Validity(source);
    this.fields = new Column[children.size()];
    for (int i = 0; i < fields.length; i++) {
      names.add(children.get(i).getName());
      fields[i] = of(children.get(i), source);
    }
  }

  IntColumn ints(String name) {
    return (IntColumn) field(name);
  }

  LongColumn longs(String name) {
    return (LongColumn) field(name);
  }

  BoolColumn bools(String name) {
    return (BoolColumn) field(name);
  }

  BytesColumn bytes(String name) {
    return (BytesColumn) field(name);
  }

  ListColumn list(String name) {
    return (ListColumn) field(name);
  }

  RunsColumn runs(String name) {
    return (RunsColumn) field(name);
  }

  boolean has(String name) {
    return names.contains(name);
  }

  private Column field(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no such field: " + name + " (there are " + names + ")");
    }
    return fields[index];
  }

  @Override
  int rows() {
    return fields[0].rows();
  }

  @Override
  RowCount count() {
    return fields[0].count();
  }

  @Override
  void reset() {
    for (Column field : fields) {
      field.reset();
    }
  }

  @Override
  void finish(int rows) {
    for (Column field : fields) {
      field.finish(rows);
    }
  }

  @Override
  void truncate(int rows) {
    for (Column field : fields) {
      field.truncate(rows);
    }
  }

  @Override
  void append(Column other) {
    StructColumn from = (StructColumn) other;
    for (int i = 0; i < fields.length; i++) {
      fields[i].append(from.fields[i]);
    }
  }

  @Override
  long bytes() {
    long bytes = 0;
    for (Column field : fields) {
      bytes += field.bytes();
    }
    return bytes;
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), 0));
    validity.collect(buffers);
    collectFields(nodes, buffers);
  }

  /** The fields alone, when the struct stands for a whole record batch. */
  void collectFields(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    for (Column field : fields) {
      field.collect(nodes, buffers);
    }
  }
}
