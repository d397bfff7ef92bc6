package io.sluice.writer.parquet;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** The values of a column chunk: those of the page that is being filled, and their dictionary. */
interface Values {

  /** The values of a page. */
  record Encoded(Encoding encoding, BytesInput bytes) {

    /** Of a dictionary, and of the pages that refer to it: what files of our version say. */
    @SuppressWarnings("deprecation") // the other name is of version 2
    static final Encoding NUMBERS = Encoding.PLAIN_DICTIONARY;

    static final Encoded NOTHING = new Encoded(Encoding.PLAIN, BytesInput.empty());
  }

  /** About what the page has now, in bytes of the file before compression. */
  long pageBytes();

  /** Bytes of the dictionary so far, 0 without. */
  long dictionaryBytes();

  /** Whether the dictionary is so large that the next page has to do without. */
  boolean isDictionaryFull();

  /** Tells the page's bounds. */
  void describe(Statistics<?> statistics);

  /**
   * The page's values, valid until more are added; begins the next page.
   *
   * @param scratch empty, and used until then
   */
  Encoded endPage(ByteSink scratch);

  /** What pages with a dictionary refer to; null if there is none. */
  @Nullable DictionaryPage dictionary();
}
