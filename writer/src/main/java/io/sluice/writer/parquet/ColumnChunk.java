package io.sluice.writer.parquet;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.bloomfilter.BlockSplitBloomFilter;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.jspecify.annotations.Nullable;

/** A column of a row group: levels and values of the page that is being filled. */
final class ColumnChunk {

  /** As Parquet's own writer: a page ends when it is nearly full, or has so many rows. */
  private static final long PAGE_BYTES = (1L << 20) * 9 / 10;

  private static final int PAGE_ROWS = 20_000;

  /** What all columns of a row group use in turn. */
  static final class Scratch {
    private final ByteSink levels = new ByteSink();
    private final ByteSink values = new ByteSink();
  }

  private final ColumnDescriptor column;
  private final Levels repetitions;
  private final Levels definitions;
  private final Values values;
  private final PageWriter pages;
  private final ColumnChunkPageWriteStore store;
  private final boolean bounded;
  private final @Nullable BloomFilter bloom;
  private final Scratch scratch;
  private Statistics<?> statistics;
  private long nulls;
  private int rows;

  ColumnChunk(
      ColumnDescriptor column,
      ParquetProperties properties,
      ColumnChunkPageWriteStore store,
      Scratch scratch) {
    this.column = column;
    this.repetitions = new Levels(column.getMaxRepetitionLevel());
    this.definitions = new Levels(column.getMaxDefinitionLevel());
    this.pages = store.getPageWriter(column);
    this.store = store;
    this.bounded = properties.getStatisticsEnabled(column);
    this.bloom = bloom(column, properties);
    this.scratch = scratch;
    this.values = values(properties);
    this.statistics = newStatistics();
  }

  private static @Nullable BloomFilter bloom(
      ColumnDescriptor column, ParquetProperties properties) {
    if (!properties.isBloomFilterEnabled(column)) {
      return null;
    }
    long distinct = properties.getBloomFilterNDV(column).orElse(1);
    double falsePositives = properties.getBloomFilterFPP(column).orElse(0.01);
    int bits = BlockSplitBloomFilter.optimalNumOfBits(distinct, falsePositives);
    return new BlockSplitBloomFilter(bits / Byte.SIZE, properties.getMaxBloomFilterBytes());
  }

  private Values values(ParquetProperties properties) {
    int dictionaryBytes =
        properties.isDictionaryEnabled(column) ? properties.getDictionaryPageSizeThreshold() : 0;
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case BINARY -> new BytesValues(dictionaryBytes, bounded, bloom);
      case INT32, INT64, DOUBLE ->
          new FixedValues(
              column.getPrimitiveType().getPrimitiveTypeName(), dictionaryBytes, bounded);
      case BOOLEAN -> new BooleanValues(bounded);
      default -> throw new IllegalArgumentException("cannot write column " + column);
    };
  }

  private Statistics<?> newStatistics() {
    return bounded
        ? Statistics.createStats(column.getPrimitiveType())
        : Statistics.noopStats(column.getPrimitiveType());
  }

  Levels repetitions() {
    return repetitions;
  }

  Values values() {
    return values;
  }

  /** Of the page. */
  Statistics<?> statistics() {
    return statistics;
  }

  /** So many places without a value. */
  void addNulls(int level, int times) {
    definitions.add(level, times);
    nulls += times;
  }

  /** So many places with a value; the values are added apart. */
  void addPresent(int level, int times) {
    definitions.add(level, times);
  }

  /** So many rows are complete; only here pages end. */
  void endRows(int more) throws IOException {
    rows += more;
    if (rows >= PAGE_ROWS || pageBytes() >= PAGE_BYTES || values.isDictionaryFull()) {
      endPage();
    }
  }

  private long pageBytes() {
    return (long) repetitions.bytes() + definitions.bytes() + values.pageBytes();
  }

  /** What the column has in memory, about. */
  long bufferedBytes() {
    return pageBytes() + values.dictionaryBytes() + pages.getMemSize();
  }

  private void endPage() throws IOException {
    scratch.levels.clear();
    scratch.values.clear();
    repetitions.writeTo(scratch.levels);
    definitions.writeTo(scratch.levels);
    values.describe(statistics);
    statistics.incrementNumNulls(nulls);
    Values.Encoded encoded = values.endPage(scratch.values);
    pages.writePage(
        BytesInput.concat(scratch.levels.input(), encoded.bytes()),
        definitions.count(),
        rows,
        statistics,
        levelEncoding(column.getMaxRepetitionLevel()),
        levelEncoding(column.getMaxDefinitionLevel()),
        encoded.encoding());
    repetitions.clear();
    definitions.clear();
    statistics = newStatistics();
    nulls = 0;
    rows = 0;
  }

  @SuppressWarnings("deprecation") // what stands for levels that are not there
  private static Encoding levelEncoding(int most) {
    return most == 0 ? Encoding.BIT_PACKED : Encoding.RLE;
  }

  /** Ends the last page, and hands over what belongs to all. */
  void finish() throws IOException {
    if (rows > 0) {
      endPage();
    }
    DictionaryPage dictionary = values.dictionary();
    if (dictionary != null) {
      pages.writeDictionaryPage(dictionary);
    }
    if (bloom != null) {
      store.getBloomFilterWriter(column).writeBloomFilter(bloom);
    }
  }
}
