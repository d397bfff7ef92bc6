package io.sluice.schema.wire;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import io.sluice.schema.table.Table;
import java.util.UUID;

/**
 * The key of a batch: XXH3-128 of version, tenant, table, encoding, part and XXH3-128 of the
 * request's decompressed bytes (FORMATS). Equal for a repeat of the same request, and nothing else.
 */
public record BatchId(long high, long low) {

  private static final int VERSION = 1;

  /** How the request's bytes were encoded; equal content in another encoding is another request. */
  public enum Encoding {
    PROTOBUF(0),
    JSON(1);

    private final int code;

    Encoding(int code) {
      this.code = code;
    }
  }

  /** The hash of a request's decompressed bytes: computed once per request, whatever its tables. */
  public static BatchId ofBody(byte[] body, int offset, int length) {
    HashValue128 hash = Hashing.xxh3_128().hashBytesTo128Bits(body, offset, length);
    return new BatchId(hash.getMostSignificantBits(), hash.getLeastSignificantBits());
  }

  /**
   * The id of one part of a request's rows for one table.
   *
   * @param part which run of 16,384 rows, from 0
   */
  public static BatchId of(String tenant, Table table, Encoding encoding, int part, BatchId body) {
    HashStream128 stream =
        Hashing.xxh3_128()
            .hashStream()
            .putInt(VERSION)
            .putString(tenant)
            .putString(table.tableName())
            .putInt(encoding.code)
            .putInt(part)
            .putLong(body.high)
            .putLong(body.low);
    HashValue128 hash = stream.get();
    return new BatchId(hash.getMostSignificantBits(), hash.getLeastSignificantBits());
  }

  /** The same batch, told apart from every other: for records that do not identify themselves. */
  public BatchId salted(UUID salt) {
    HashValue128 hash =
        Hashing.xxh3_128()
            .hashStream()
            .putLong(high)
            .putLong(low)
            .putLong(salt.getMostSignificantBits())
            .putLong(salt.getLeastSignificantBits())
            .get();
    return new BatchId(hash.getMostSignificantBits(), hash.getLeastSignificantBits());
  }

  /** Which of a cluster's logs takes it: the same for the same request, whatever the membership. */
  public int log(int logs) {
    return (int) Long.remainderUnsigned(low, logs);
  }

  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
