package io.sluice.acceptor.forward;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Arrow Flight's DoPut with our own frames out, and PutResult's bytes in. */
final class PutMethod {

  static final MethodDescriptor<PutFrame, byte[]> DO_PUT =
      MethodDescriptor.<PutFrame, byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("arrow.flight.protocol.FlightService/DoPut")
          .setRequestMarshaller(new Requests())
          .setResponseMarshaller(new Responses())
          .build();

  private static final int ONLY = 1 << 3 | 2;

  /** The answer inside a PutResult, whose one field is app_metadata = 1. */
  static PutAnswer answer(byte[] result) throws MalformedMessageException {
    return PutAnswer.parse(only(result));
  }

  /** What a message holds whose one field is bytes, and its number 1. */
  static ByteBuffer only(byte[] result) throws MalformedMessageException {
    int length = 0;
    int at = 1;
    for (int shift = 0; at < result.length && shift < 35; shift += 7) {
      byte b = result[at++];
      length |= (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    if (result.length == 0 || result[0] != ONLY || length != result.length - at) {
      throw new MalformedMessageException(
          "cannot read a Writer's answer: %d bytes that are not one field"
              .formatted(result.length));
    }
    return ByteBuffer.wrap(result, at, length);
  }

  static byte[] readAll(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw Status.UNAVAILABLE
          .withDescription("cannot read a Writer's answer")
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static final class Requests implements MethodDescriptor.Marshaller<PutFrame> {
    @Override
    public InputStream stream(PutFrame frame) {
      return frame.stream();
    }

    @Override
    public PutFrame parse(InputStream stream) {
      throw new UnsupportedOperationException("put frames are only sent from here");
    }
  }

  private static final class Responses implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      throw new UnsupportedOperationException("put results are only received here");
    }

    @Override
    public byte[] parse(InputStream stream) {
      return readAll(stream);
    }
  }

  private PutMethod() {}
}
