package io.sluice.writer.parquet;

import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/** A list, whose element repeats, or a map, whose key and value repeat together. */
final class ListNode extends Node {

  /** The element, or key and value. */
  private final Node[] elements;

  private final int repetitionLevel;
  private final ListRanges ranges = new ListRanges();
  private final Slots inner = new Slots();

  ListNode(Node[] elements, int repetitionLevel, int parentLevel, boolean optional) {
    super(parentLevel, optional);
    this.elements = elements;
    this.repetitionLevel = repetitionLevel;
  }

  @Override
  void attach(Function<ColumnDescriptor, ColumnChunk> chunks) {
    for (Node element : elements) {
      element.attach(chunks);
    }
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    ranges.read(vector, from, to);
    List<FieldVector> children = vector.getChildrenFromFields();
    if (elements.length > 1) { // a map: its entries are structs that are never null
      children = children.get(0).getChildrenFromFields();
    }
    for (int i = 0; i < elements.length; i++) {
      elements[i].bind(children.get(i), ranges.first(), ranges.last());
    }
  }

  @Override
  void write(Slots slots) {
    Slots ofElements = slots.isEmpty() ? slots : inner(slots);
    for (Node element : elements) {
      element.write(ofElements);
    }
  }

  private Slots inner(Slots slots) {
    if (slots.isDense() && !validity().hasNulls() && ranges.isEmpty()) {
      inner.setEmpty(slots, presentLevel);
      return inner;
    }
    inner.begin();
    int count = slots.count();
    for (int i = 0; i < count; i++) {
      int place = slots.place(i);
      if (place < 0) {
        inner.add(slots.repetition(i), place);
      } else if (isNull(place)) {
        inner.add(slots.repetition(i), ~nullLevel);
      } else {
        addList(slots.repetition(i), ranges.begin(place), ranges.begin(place + 1));
      }
    }
    return inner;
  }

  private void addList(int repetition, int begin, int end) {
    if (begin == end) {
      inner.add(repetition, ~presentLevel);
    } else {
      inner.addElements(repetition, begin, end, repetitionLevel);
    }
  }
}
