package io.sluice.bench.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** How deep AnyValues lie inside each other on the wire, also in parts that do not count. */
final class WireDepth {

  /** A message that is still to be looked at, and how many AnyValues it is in. */
  private record Inner(Descriptor type, ByteString bytes, int depth) {}

  static int of(Descriptor request, byte[] bytes) {
    Deque<Inner> rest = new ArrayDeque<>();
    rest.push(new Inner(request, ByteString.copyFrom(bytes), 0));
    int deepest = 0;
    while (!rest.isEmpty()) {
      Inner inner = rest.pop();
      boolean value = inner.type.getName().equals("AnyValue");
      int depth = inner.depth + (value ? 1 : 0);
      deepest = Math.max(deepest, depth);
      look(inner, depth, rest);
    }
    return deepest;
  }

  /** As far as it is well-formed. */
  private static void look(Inner inner, int depth, Deque<Inner> rest) {
    CodedInputStream in = inner.bytes.newCodedInput();
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        FieldDescriptor field = inner.type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
        if (field != null
            && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          rest.push(new Inner(field.getMessageType(), in.readBytes(), depth));
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      return; // the rest of it is nothing
    }
  }

  private WireDepth() {}
}
