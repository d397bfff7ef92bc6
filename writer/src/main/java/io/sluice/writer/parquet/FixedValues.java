package io.sluice.writer.parquet;

import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Numbers and times, by their bits: as {@link BytesValues}. */
final class FixedValues implements Values {

  private final PrimitiveTypeName kind;
  private final int width;
  private final int mostDictionaryBytes;
  private final boolean bounded;

  /** Null: values are written as they are. */
  private @Nullable LongDictionary dictionary;

  /** What pages refer to; null as long as none does. */
  private @Nullable LongDictionary referred;

  private int[] ids = new int[0];

  /** The page's values, unless they are numbers of a dictionary. */
  private long[] plain = new long[0];

  private int count;
  private long lowest;
  private long highest;

  /**
   * @param kind INT32, INT64 or DOUBLE
   * @param mostDictionaryBytes 0 for none at all
   * @param bounded whether pages have bounds
   */
  FixedValues(PrimitiveTypeName kind, int mostDictionaryBytes, boolean bounded) {
    this.kind = kind;
    this.width = kind == PrimitiveTypeName.INT32 ? Integer.BYTES : Long.BYTES;
    this.mostDictionaryBytes = mostDictionaryBytes;
    this.bounded = bounded;
    this.dictionary = mostDictionaryBytes == 0 ? null : new LongDictionary();
    clearBounds();
  }

  private void clearBounds() {
    lowest = Long.MAX_VALUE;
    highest = Long.MIN_VALUE;
  }

  /** Adds the values {@code from..to}. */
  void add(long[] values, int from, int to, Statistics<?> statistics) {
    LongDictionary numbers = dictionary;
    int n = to - from;
    if (numbers == null) {
      plain = room(plain, n);
      System.arraycopy(values, from, plain, count, n);
    } else {
      addNumbers(numbers, values, from, to);
    }
    count += n;
    if (bounded) {
      bound(values, from, to, statistics);
    }
  }

  private long[] room(long[] array, int more) {
    return count + more <= array.length
        ? array
        : Arrays.copyOf(array, Math.max(count + more, 2 * array.length));
  }

  private void addNumbers(LongDictionary numbers, long[] values, int from, int to) {
    int at = count;
    if (at + to - from > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(at + to - from, 2 * ids.length));
    }
    for (int i = from; i < to; i++) {
      ids[at++] = numbers.idOf(values[i]);
    }
  }

  private void bound(long[] values, int from, int to, Statistics<?> statistics) {
    if (kind == PrimitiveTypeName.DOUBLE) {
      // Parquet alone knows what NaN does to bounds.
      for (int i = from; i < to; i++) {
        statistics.updateStats(Double.longBitsToDouble(values[i]));
      }
      return;
    }
    long low = lowest;
    long high = highest;
    for (int i = from; i < to; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    lowest = low;
    highest = high;
  }

  @Override
  public long pageBytes() {
    LongDictionary numbers = dictionary;
    return numbers == null
        ? (long) count * width
        : (((long) count * Hybrid.width(numbers.size() - 1)) >> 3) + 1;
  }

  @Override
  public long dictionaryBytes() {
    return dictionary == null ? 0 : (long) dictionary.size() * width;
  }

  @Override
  public boolean isDictionaryFull() {
    return dictionary != null && dictionaryBytes() > mostDictionaryBytes;
  }

  @Override
  public void describe(Statistics<?> statistics) {
    if (!bounded || count == 0 || kind == PrimitiveTypeName.DOUBLE) {
      return;
    }
    if (kind == PrimitiveTypeName.INT32) {
      statistics.updateStats((int) lowest);
      statistics.updateStats((int) highest);
    } else {
      statistics.updateStats(lowest);
      statistics.updateStats(highest);
    }
  }

  @Override
  public Encoded endPage(ByteSink scratch) {
    LongDictionary numbers = dictionary;
    Encoded encoded = Encoded.NOTHING;
    if (numbers == null) {
      put(plain, count, scratch);
      encoded = new Encoded(Encoding.PLAIN, scratch.input());
    } else if (count > 0) {
      encoded = endNumbers(numbers, scratch);
    }
    count = 0;
    clearBounds();
    return encoded;
  }

  private Encoded endNumbers(LongDictionary numbers, ByteSink scratch) {
    int bits = Hybrid.width(numbers.size() - 1);
    scratch.put((byte) bits);
    Hybrid.write(ids, count, bits, scratch);
    if (referred == null && scratch.size() + dictionaryBytes() >= (long) count * width) {
      dictionary = null;
      plain = room(plain, 0);
      for (int i = 0; i < count; i++) {
        plain[i] = numbers.value(ids[i]);
      }
      scratch.clear();
      put(plain, count, scratch);
      return new Encoded(Encoding.PLAIN, scratch.input());
    }
    if (isDictionaryFull()) {
      dictionary = null;
    }
    referred = numbers;
    return new Encoded(Encoded.NUMBERS, scratch.input());
  }

  private void put(long[] values, int n, ByteSink out) {
    out.room((long) n * width);
    for (int i = 0; i < n; i++) {
      if (width == Integer.BYTES) {
        out.putInt((int) values[i]);
      } else {
        out.putLong(values[i]);
      }
    }
  }

  @Override
  public @Nullable DictionaryPage dictionary() {
    if (referred == null) {
      return null;
    }
    ByteSink page = new ByteSink();
    put(referred.values(), referred.size(), page);
    return new DictionaryPage(page.input(), referred.size(), Encoded.NUMBERS);
  }
}
