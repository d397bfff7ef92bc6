package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Structs: nothing but their fields. */
final class GrowingStruct extends Growing {

  GrowingStruct(BufferAllocator allocator, Growing... fields) {
    super(allocator, fields);
  }

  @Override
  long ownBytes() {
    return 0;
  }

  @Override
  List<ArrowBuf> buffers() {
    return List.of();
  }

  @Override
  void resetBuffers() {}

  @Override
  void closeBuffers() {}
}
