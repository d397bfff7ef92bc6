package io.sluice.writer.intake;

import io.grpc.MethodDescriptor;
import io.sluice.schema.wire.FlightFrame;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** An app_metadata as the arrow.flight.protocol.PutResult that carries it (field 1). */
final class PutResultMarshaller implements MethodDescriptor.Marshaller<byte[]> {

  private static final int METADATA_TAG = 1 << 3 | 2;

  @Override
  public InputStream stream(byte[] metadata) {
    ByteBuffer out =
        ByteBuffer.allocate(1 + FlightFrame.varintSize(metadata.length) + metadata.length);
    out.put((byte) METADATA_TAG);
    FlightFrame.putVarint(out, metadata.length);
    return new ByteArrayInputStream(out.put(metadata).array());
  }

  @Override
  public byte[] parse(InputStream in) {
    throw new UnsupportedOperationException("a Writer reads no put results");
  }
}
