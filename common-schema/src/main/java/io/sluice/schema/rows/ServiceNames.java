package io.sluice.schema.rows;

import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/** The text of the attribute service.name of each resource run. Immutable. */
final class ServiceNames {

  private static final byte[] KEY = "service.name".getBytes(StandardCharsets.US_ASCII);

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
      entries[run] = attributes.isNull(run) ? -1 : entry(attributes, run);
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

  private static int entry(Source attributes, int run) {
    Source entries = attributes.children[0];
    Source keys = entries.children[0];
    for (int i = attributes.start(run); i < attributes.start(run + 1); i++) {
      if (keys.start(i + 1) - keys.start(i) == KEY.length && isKey(keys.data + keys.start(i))) {
        return entries.children[1].isNull(i) ? -1 : i;
      }
    }
    return -1;
  }

  private static boolean isKey(long address) {
    for (int i = 0; i < KEY.length; i++) {
      if (MemoryUtil.getByte(address + i) != KEY[i]) {
        return false;
      }
    }
    return true;
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
