/**
 * Parquet files of a table, written column by column from windows of plain Arrow rows. {@link
 * io.sluice.writer.parquet.ParquetTableWriter} is all a user sees; {@code RowGroup} holds what is
 * buffered; a {@code Node} for each field turns a vector into Parquet's values and levels, a {@code
 * ColumnChunk} those into pages.
 */
@NullMarked
package io.sluice.writer.parquet;

import org.jspecify.annotations.NullMarked;
