package io.sluice.schema.otlp;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A level of a request and what hangs below it, while the request is built. */
final class Group {

  private final Level level;
  private final List<Group> children = new ArrayList<>();
  private final Group below;

  Group(Level level) {
    this.level = level;
    this.below = level.inner() == null ? this : new Group(level.inner());
    if (below != this) {
      children.add(below);
    }
  }

  Level level() {
    return level;
  }

  Group add(Level child) {
    Group group = new Group(child);
    below.children.add(group);
    return group;
  }

  /** The same groups below another level that has none within. */
  Group with(Level other) {
    Group group = new Group(other);
    group.children.addAll(children);
    return group;
  }

  /** Bytes of the message, without its tag and length. */
  int size() {
    int size = level.own().size() + level.tail().size();
    for (Group child : children) {
      int inner = child.size();
      size =
          Math.addExact(
              size,
              CodedOutputStream.computeTagSize(child.level.field())
                  + CodedOutputStream.computeUInt32SizeNoTag(inner)
                  + inner);
    }
    return size;
  }

  void writeTo(CodedOutputStream out) throws IOException {
    out.writeRawBytes(level.own());
    for (Group child : children) {
      out.writeTag(child.level.field(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(child.size());
      child.writeTo(out);
    }
    out.writeRawBytes(level.tail());
  }
}
