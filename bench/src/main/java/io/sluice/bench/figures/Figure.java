package io.sluice.bench.figures;

import java.nio.file.Path;
import java.util.List;

/** One thing that is measured. */
interface Figure {

  /** How it is named on the command line. */
  String name();

  /** Whether it can be measured with that. */
  default boolean isFor(Effort effort) {
    return true;
  }

  /**
   * @param effort how long to take
   * @param directory an empty directory on the disk that is measured; deleted afterwards
   */
  List<Ratio> measure(Effort effort, Path directory) throws Exception;
}
