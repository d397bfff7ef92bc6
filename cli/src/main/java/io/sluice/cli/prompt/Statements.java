package io.sluice.cli.prompt;

import io.sluice.query.ReadException;
import io.sluice.query.ResultFormat;
import io.sluice.query.SqlException;
import java.io.IOException;

/** Runs what is typed at a prompt. */
public interface Statements {

  /**
   * Runs one statement over the rows there are now, and writes its answer.
   *
   * @throws SqlException the statement is wrong, or was cancelled
   * @throws ReadException a table cannot be read as a whole
   */
  void run(String sql, ResultFormat format)
      throws IOException, SqlException, ReadException, InterruptedException;

  /** Makes the statement that runs fail, from any thread. */
  void cancel();
}
