package io.sluice.acceptor.transcode;

import java.util.List;

/**
 * An enum, open as in proto3: any int32 is a value.
 *
 * @param names those of the values 0, 1, 2 ...
 */
record Enumeration(List<String> names) implements Type {

  /** The names with what they all begin with put before. */
  static Enumeration of(String prefix, String... names) {
    return new Enumeration(List.of(names).stream().map(prefix::concat).toList());
  }

  @Override
  public int wireType() {
    return VARINT;
  }
}
