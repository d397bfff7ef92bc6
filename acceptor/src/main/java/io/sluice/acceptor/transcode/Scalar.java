package io.sluice.acceptor.transcode;

/** Protobuf's scalar types, and OTLP's ids, which are bytes that JSON has as hex digits. */
enum Scalar implements Type {
  STRING(LEN),
  BYTES(LEN),
  TRACE_ID(LEN),
  SPAN_ID(LEN),
  BOOL(VARINT),
  INT32(VARINT),
  UINT32(VARINT),
  SINT32(VARINT),
  INT64(VARINT),
  UINT64(VARINT),
  FIXED32(I32),
  FIXED64(I64),
  SFIXED64(I64),
  DOUBLE(I64);

  private final int wireType;

  Scalar(int wireType) {
    this.wireType = wireType;
  }

  @Override
  public int wireType() {
    return wireType;
  }
}
