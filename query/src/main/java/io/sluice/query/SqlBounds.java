package io.sluice.query;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the DuckDB of a statement of somebody else may take of this machine.
 *
 * @param memory in bytes, without what Arrow holds of it
 * @param disk in bytes, for what does not fit into that
 * @param threads that run it
 * @param readable directories whose files it may open, the warehouse's; nothing else is opened, nor
 *     fetched, whatever the statement says
 */
public record SqlBounds(long memory, long disk, int threads, List<String> readable) {

  private static final long KIB = 1024;

  public SqlBounds {
    readable = List.copyOf(readable);
  }

  SqlBounds with(Path directory) {
    List<String> more = new ArrayList<>(readable);
    more.add(directory.toString());
    return new SqlBounds(memory, disk, threads, more);
  }

  /** For DuckDB; the last of them lets none of them be changed. */
  List<String> settings() {
    return List.of(
        "SET memory_limit = '%dKiB'".formatted(memory / KIB),
        "SET max_temp_directory_size = '%dKiB'".formatted(disk / KIB),
        "SET threads = " + threads,
        "SET allowed_directories = " + SqlText.strings(readable),
        "SET enable_external_access = false",
        "SET lock_configuration = true");
  }
}
