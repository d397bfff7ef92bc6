package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnWriteStore;

/** A list: its element repeats. */
final class ListNode extends Node {

  private final Node element;
  private final int repetitionLevel;
  private final ListRanges ranges = new ListRanges();

  ListNode(Node element, int repetitionLevel, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.element = element;
    this.repetitionLevel = repetitionLevel;
  }

  @Override
  void attach(ColumnWriteStore store) {
    element.attach(store);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    ranges.read(vector, from, to);
    element.bind(vector.getChildrenFromFields().get(0), ranges.first(), ranges.last());
  }

  @Override
  void writeValue(int index, int repetition) {
    int begin = ranges.begin(index);
    int end = ranges.begin(index + 1);
    if (begin == end) {
      writeNull(repetition, presentLevel);
      return;
    }
    element.write(begin, repetition);
    for (int i = begin + 1; i < end; i++) {
      element.write(i, repetitionLevel);
    }
  }

  @Override
  void writeNull(int repetition, int level) {
    element.writeNull(repetition, level);
  }
}
