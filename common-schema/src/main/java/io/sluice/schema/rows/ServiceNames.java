package io.sluice.schema.rows;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The text of the attribute service.name of each resource run. Immutable. */
final class ServiceNames {

  private static final AttributeKey KEY = new AttributeKey("service.name");

  private static final byte[] NONE = {};

  private final int[] entries;
  private final byte[][] names;
  private final long[] hashes;

  private ServiceNames(int[] entries, byte[][] names, long[] hashes) {
    this.entries = entries;
    this.names = names;
    this.hashes = hashes;
  }

  /**
   * @param resource the struct of the resource runs, whose first child is the attributes
   */
  static ServiceNames of(int runs, Source resource) {
    Source attributes = resource.children[0];
    Source values = values(resource);
    int[] entries = new int[runs];
    byte[][] names = new byte[runs][];
    long[] hashes = new long[runs];
    for (int run = 0; run < runs; run++) {
      entries[run] = KEY.entry(attributes, run);
      if (entries[run] >= 0) {
        byte[] name = values.bytesAt(entries[run]);
        names[run] = run > 0 && Arrays.equals(name, names[run - 1]) ? names[run - 1] : name;
        hashes[run] = Hashing.xxh3_64().hashBytesToLong(name);
      } else {
        names[run] = NONE;
      }
    }
    return new ServiceNames(entries, names, hashes);
  }

  /** What {@link #entryOfRun} is an index of. */
  static Source values(Source resource) {
    return resource.children[0].children[0].children[1];
  }

  byte @Nullable [] ofRun(int run) {
    return entries[run] < 0 ? null : names[run];
  }

  /** 0 if there is no name. */
  long hashOfRun(int run) {
    return hashes[run];
  }

  /** Where in the values of the resource attributes the name is; -1 if there is none. */
  int entryOfRun(int run) {
    return entries[run];
  }
}
