package io.sluice.writer.parquet;

import java.util.Arrays;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Strings and binary: numbers of a dictionary for as long as that pays, then as they are. */
final class BytesValues implements Values {

  private static final int NONE = -1;

  private final int mostDictionaryBytes;
  private final boolean bounded;
  private final @Nullable BloomFilter bloom;

  /** Null: values are written as they are. */
  private @Nullable BytesDictionary dictionary;

  /** What pages refer to; null as long as none does. */
  private @Nullable BytesDictionary referred;

  private int[] ids = new int[0];
  private int count;

  /** What the page's values have as they are. */
  private long plainBytes;

  /** Page in which each value of the dictionary came last, from 1. */
  private int[] seen = new int[0];

  private int page = 1;

  /** The page's values as they are, unless they are numbers. */
  private final ByteSink plain = new ByteSink();

  /** The page's bounds: numbers of the dictionary, or where the values are in {@link #plain}. */
  private int lowest = NONE;

  private int highest = NONE;

  /** Where the last value of the page is in {@link #plain}; none while there is a dictionary. */
  private int previous = NONE;

  /**
   * @param mostDictionaryBytes 0 for none at all
   * @param bounded whether pages have bounds
   * @param bloom gets each value; null for none
   */
  BytesValues(int mostDictionaryBytes, boolean bounded, @Nullable BloomFilter bloom) {
    this.mostDictionaryBytes = mostDictionaryBytes;
    this.bounded = bounded;
    this.bloom = bloom;
    this.dictionary = mostDictionaryBytes == 0 ? null : new BytesDictionary();
  }

  /**
   * Adds the values {@code from..to}.
   *
   * @param offsets of the values, counted from {@code start} in the bytes
   */
  void add(byte[] bytes, int[] offsets, int start, int from, int to) {
    BytesDictionary numbers = dictionary;
    if (numbers == null) {
      addPlain(bytes, offsets, start, from, to);
    } else {
      addNumbers(numbers, bytes, offsets, start, from, to);
    }
  }

  private void addNumbers(
      BytesDictionary numbers, byte[] bytes, int[] offsets, int start, int from, int to) {
    int at = count;
    int n = to - from;
    if (at + n > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(at + n, 2 * ids.length));
    }
    for (int i = from; i < to; i++) {
      int offset = offsets[i];
      ids[at++] = numbers.idOf(bytes, offset - start, offsets[i + 1] - offset);
    }
    if (bounded || bloom != null) {
      look(numbers, count, at);
    }
    count = at;
    plainBytes += offsets[to] - offsets[from] + (long) n * Integer.BYTES;
  }

  /** Looks at values that came the first time in this page. */
  private void look(BytesDictionary numbers, int from, int to) {
    if (seen.length < numbers.size()) {
      seen = Arrays.copyOf(seen, Math.max(numbers.size(), 2 * seen.length));
    }
    int last = NONE;
    for (int i = from; i < to; i++) {
      int id = ids[i];
      if (id != last && seen[id] != page) {
        if (bloom != null && seen[id] == 0) {
          insert(bloom, numbers.page().array(), numbers.start(id), numbers.length(id));
        }
        seen[id] = page;
        bound(id, numbers);
      }
      last = id;
    }
  }

  private void bound(int id, BytesDictionary numbers) {
    byte[] all = numbers.page().array();
    int start = numbers.start(id);
    int length = numbers.length(id);
    if (lowest == NONE) {
      lowest = id;
      highest = id;
    } else if (compare(all, start, length, numbers.start(lowest), numbers.length(lowest)) < 0) {
      lowest = id;
    } else if (compare(all, start, length, numbers.start(highest), numbers.length(highest)) > 0) {
      highest = id;
    }
  }

  private static int compare(byte[] all, int start, int length, int other, int otherLength) {
    return Arrays.compareUnsigned(all, start, start + length, all, other, other + otherLength);
  }

  private void addPlain(byte[] bytes, int[] offsets, int start, int from, int to) {
    plain.room(offsets[to] - offsets[from] + (long) (to - from) * Integer.BYTES);
    for (int i = from; i < to; i++) {
      int offset = offsets[i];
      int length = offsets[i + 1] - offset;
      int at = plain.size();
      plain.putSized(bytes, offset - start, length);
      if (bounded || bloom != null) {
        lookPlain(at, length);
      }
    }
    count += to - from;
  }

  /** Looks at a value unless it is that before it: spans of a trace are neighbours. */
  private void lookPlain(int at, int length) {
    byte[] all = plain.array();
    int before = previous;
    previous = at;
    int end = at + Integer.BYTES + length;
    if (before != NONE && Arrays.equals(all, before, at, all, at, end)) {
      return;
    }
    if (bounded) {
      boundPlain(at);
    }
    if (bloom != null) {
      insert(bloom, all, at + Integer.BYTES, length);
    }
  }

  private void boundPlain(int at) {
    if (lowest == NONE) {
      lowest = at;
      highest = at;
    } else if (comparePlain(at, lowest) < 0) {
      lowest = at;
    } else if (comparePlain(at, highest) > 0) {
      highest = at;
    }
  }

  private int comparePlain(int at, int other) {
    return compare(
        plain.array(),
        at + Integer.BYTES,
        plain.intAt(at),
        other + Integer.BYTES,
        plain.intAt(other));
  }

  private static void insert(BloomFilter bloom, byte[] bytes, int offset, int length) {
    bloom.insertHash(bloom.hash(Binary.fromConstantByteArray(bytes, offset, length)));
  }

  @Override
  public long pageBytes() {
    BytesDictionary numbers = dictionary;
    return numbers == null
        ? plain.size()
        : (((long) count * Hybrid.width(numbers.size() - 1)) >> 3) + 1;
  }

  @Override
  public long dictionaryBytes() {
    return dictionary == null ? 0 : dictionary.page().size();
  }

  @Override
  public boolean isDictionaryFull() {
    return dictionary != null && dictionary.page().size() > mostDictionaryBytes;
  }

  @Override
  public void describe(Statistics<?> statistics) {
    if (bounded && lowest != NONE) {
      statistics.updateStats(value(lowest));
      statistics.updateStats(value(highest));
    }
  }

  private Binary value(int bound) {
    BytesDictionary numbers = dictionary;
    // Reused: the statistics keep a copy.
    return numbers == null
        ? Binary.fromReusedByteArray(plain.array(), bound + Integer.BYTES, plain.intAt(bound))
        : Binary.fromReusedByteArray(
            numbers.page().array(), numbers.start(bound), numbers.length(bound));
  }

  @Override
  public Encoded endPage(ByteSink scratch) {
    BytesDictionary numbers = dictionary;
    Encoded encoded;
    if (numbers == null) {
      encoded = new Encoded(Encoding.PLAIN, plain.input());
    } else if (count == 0) {
      encoded = Encoded.NOTHING;
    } else {
      encoded = endNumbers(numbers, scratch);
    }
    plain.clear();
    count = 0;
    plainBytes = 0;
    lowest = NONE;
    highest = NONE;
    previous = NONE;
    page++;
    return encoded;
  }

  private Encoded endNumbers(BytesDictionary numbers, ByteSink scratch) {
    int width = Hybrid.width(numbers.size() - 1);
    scratch.put((byte) width);
    Hybrid.write(ids, count, width, scratch);
    if (referred == null && scratch.size() + (long) numbers.page().size() >= plainBytes) {
      dictionary = null;
      plain.room(plainBytes);
      for (int i = 0; i < count; i++) {
        int start = numbers.start(ids[i]) - Integer.BYTES;
        plain.put(numbers.page().array(), start, Integer.BYTES + numbers.length(ids[i]));
      }
      return new Encoded(Encoding.PLAIN, plain.input());
    }
    if (isDictionaryFull()) {
      dictionary = null;
    }
    referred = numbers;
    return new Encoded(Encoded.NUMBERS, scratch.input());
  }

  @Override
  public @Nullable DictionaryPage dictionary() {
    return referred == null
        ? null
        : new DictionaryPage(referred.page().input(), referred.size(), Encoded.NUMBERS);
  }
}
