package io.sluice.writer.intake;

import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.arrow.memory.BufferAllocator;

/** Requests as their bytes. */
final class PayloadMarshaller implements MethodDescriptor.Marshaller<Payload> {

  private final BufferAllocator allocator;

  PayloadMarshaller(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  @Override
  public InputStream stream(Payload payload) {
    throw new UnsupportedOperationException("a Writer sends no Flight data by this method");
  }

  @Override
  public Payload parse(InputStream in) {
    try {
      return Payload.read(in, allocator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
