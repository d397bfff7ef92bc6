package io.sluice.bench.figures;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Messages as they are, copied once: the reference of DoPut, which has to be as good as plain gRPC
 * can be.
 */
enum RawBytes implements MethodDescriptor.Marshaller<byte[]> {
  INSTANCE;

  @Override
  public InputStream stream(byte[] value) {
    return new ByteArrayInputStream(value);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      byte[] message = new byte[stream.available()]; // gRPC has the whole message when it asks
      if (stream.readNBytes(message, 0, message.length) < message.length || stream.read() != -1) {
        throw new IOException("its length is not the " + message.length + " bytes it said");
      }
      return message;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read message", e);
    }
  }
}
