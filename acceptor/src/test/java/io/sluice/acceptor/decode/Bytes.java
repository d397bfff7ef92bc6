package io.sluice.acceptor.decode;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that are equal when they are. */
record Bytes(byte[] bytes) {

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
