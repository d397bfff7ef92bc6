package io.sluice.writer.parquet;

import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Booleans, a bit each. */
final class BooleanValues implements Values {

  private final boolean bounded;
  private final ByteSink bits = new ByteSink();
  private int filling;
  private int filled;
  private boolean someTrue;
  private boolean someFalse;

  BooleanValues(boolean bounded) {
    this.bounded = bounded;
  }

  void add(boolean value) {
    someTrue |= value;
    someFalse |= !value;
    filling |= (value ? 1 : 0) << filled++;
    if (filled == Byte.SIZE) {
      endByte();
    }
  }

  private void endByte() {
    bits.put((byte) filling);
    filling = 0;
    filled = 0;
  }

  @Override
  public long pageBytes() {
    return bits.size();
  }

  @Override
  public long dictionaryBytes() {
    return 0;
  }

  @Override
  public boolean isDictionaryFull() {
    return false;
  }

  @Override
  public void describe(Statistics<?> statistics) {
    if (bounded && someTrue) {
      statistics.updateStats(true);
    }
    if (bounded && someFalse) {
      statistics.updateStats(false);
    }
  }

  @Override
  public Encoded endPage(ByteSink scratch) {
    if (filled > 0) {
      endByte();
    }
    Encoded encoded = new Encoded(Encoding.PLAIN, bits.input());
    bits.clear();
    someTrue = false;
    someFalse = false;
    return encoded;
  }

  @Override
  public @Nullable DictionaryPage dictionary() {
    return null;
  }
}
