package io.sluice.writer.parquet;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;

/** Which page indexes a file has: where the pages of a column are, and the bounds of each. */
record PageIndexes(boolean offsets, boolean boundsOutsideLists) {

  static final PageIndexes OF_EVERY_COLUMN = new PageIndexes(true, true);

  static PageIndexes of(Path path) throws IOException {
    boolean offsets = true;
    boolean bounds = true;
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
    try (ParquetFileReader file = ParquetFileReader.open(new LocalInputFile(path), options)) {
      for (BlockMetaData block : file.getRowGroups()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          offsets &= file.readOffsetIndex(column) != null;
          bounds &= column.getPath().size() > 1 || file.readColumnIndex(column) != null;
        }
      }
    }
    return new PageIndexes(offsets, bounds);
  }
}
