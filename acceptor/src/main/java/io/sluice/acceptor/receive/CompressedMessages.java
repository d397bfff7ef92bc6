package io.sluice.acceptor.receive;

import io.grpc.Decompressor;
import java.io.InputStream;

/**
 * Has grpc-java hand a compressed message over as it came: it is decompressed where HTTP bodies
 * are, with the same limits and in the same words.
 *
 * @param name as in grpc-encoding
 */
record CompressedMessages(String name) implements Decompressor {

  @Override
  public String getMessageEncoding() {
    return name;
  }

  @Override
  public InputStream decompress(InputStream compressed) {
    return compressed;
  }
}
