package io.sluice.writer.parquet;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnWriteStore;

/** A map of strings: key and value repeat together. */
final class MapNode extends Node {

  private final BytesLeaf key;
  private final BytesLeaf value;
  private final int repetitionLevel;
  private final ListRanges ranges = new ListRanges();

  MapNode(BytesLeaf key, BytesLeaf value, int repetitionLevel, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.key = key;
    this.value = value;
    this.repetitionLevel = repetitionLevel;
  }

  @Override
  void attach(ColumnWriteStore store) {
    key.attach(store);
    value.attach(store);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    ranges.read(vector, from, to);
    List<FieldVector> entry = vector.getChildrenFromFields().get(0).getChildrenFromFields();
    key.bind(entry.get(0), ranges.first(), ranges.last());
    value.bind(entry.get(1), ranges.first(), ranges.last());
  }

  @Override
  void writeValue(int index, int repetition) {
    int begin = ranges.begin(index);
    int end = ranges.begin(index + 1);
    if (begin == end) {
      writeNull(repetition, presentLevel);
      return;
    }
    int level = repetition;
    for (int i = begin; i < end; i++) {
      key.write(i, level);
      value.write(i, level);
      level = repetitionLevel;
    }
  }

  @Override
  void writeNull(int repetition, int level) {
    key.writeNull(repetition, level);
    value.writeNull(repetition, level);
  }
}
