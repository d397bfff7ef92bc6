package io.sluice.query.replay;

import io.sluice.query.HotRows;
import io.sluice.query.TableRead;
import io.sluice.query.replay.Checkpoint.Source;
import io.sluice.schema.table.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/**
 * What there is when a replay begins, on disk: the hot rows, so that no Writer waits for a slow
 * target, and a replay that goes on finds them though they are persisted by then; and the names of
 * the files, which stay when the snapshot that had them expires.
 */
final class KeptRows {

  private final Path directory;
  private final BufferAllocator allocator;

  /**
   * @param directory that is there, and private
   */
  KeptRows(Path directory, BufferAllocator allocator) {
    this.directory = directory;
    this.allocator = allocator;
  }

  /** Keeps all hot rows of a read, forced; the names of the files. */
  List<String> keep(TableRead read) throws IOException {
    List<String> names = new ArrayList<>();
    for (HotRows rows : read.hot()) {
      String name = "%s-%d.arrows".formatted(read.table(), names.size());
      if (keep(rows, directory.resolve(name))) {
        names.add(name);
      }
    }
    return names;
  }

  /** False if there are none. */
  private static boolean keep(HotRows rows, Path file) throws IOException {
    if (!rows.loadNextBatch()) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        ArrowStreamWriter out = new ArrowStreamWriter(rows.getVectorSchemaRoot(), null, channel)) {
      out.start();
      do {
        out.writeBatch();
      } while (rows.loadNextBatch());
      out.end();
      channel.force(true);
    }
    return true;
  }

  /** Keeps the names of a table's files, forced. */
  void keepFiles(Table table, List<String> files) throws IOException {
    Path list = list(table);
    Files.write(list, files);
    try (FileChannel channel = FileChannel.open(list, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** The names, a line each, in the order in which they were kept. */
  BufferedReader files(Table table) throws IOException {
    return Files.newBufferedReader(list(table));
  }

  private Path list(Table table) {
    return directory.resolve(table + ".files");
  }

  /** Whether all of it is still there. */
  boolean has(Source source) {
    return Files.exists(list(source.table()))
        && source.kept().stream().allMatch(name -> Files.exists(directory.resolve(name)));
  }

  ArrowReader open(String name) throws IOException {
    return new ArrowStreamReader(
        FileChannel.open(directory.resolve(name), StandardOpenOption.READ), allocator);
  }
}
