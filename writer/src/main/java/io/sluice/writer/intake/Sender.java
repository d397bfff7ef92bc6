package io.sluice.writer.intake;

import io.grpc.Attributes;
import io.grpc.Grpc;

/**
 * For whom a put stream's messages count.
 *
 * @param acceptor its connection, as the transport names it
 * @param tenant whose rows they are
 */
record Sender(String acceptor, String tenant) {

  /** Of a stream that has not said whose rows are to come. */
  static final Sender NOBODY = new Sender("", "");

  static Sender of(Attributes transport, String tenant) {
    return new Sender(String.valueOf(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)), tenant);
  }
}
