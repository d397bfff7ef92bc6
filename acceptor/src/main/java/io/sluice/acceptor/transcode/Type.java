package io.sluice.acceptor.transcode;

/** What a field holds. */
sealed interface Type permits Scalar, Enumeration, Message {

  int VARINT = 0;
  int I64 = 1;
  int LEN = 2;
  int I32 = 5;

  /** Protobuf's wire type of one such value. */
  int wireType();
}
