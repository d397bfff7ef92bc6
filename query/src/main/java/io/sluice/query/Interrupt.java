package io.sluice.query;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a connection runs. The driver's own way, Statement.cancel, does nothing while a result
 * is streamed, which is when most of the work is done.
 */
final class Interrupt {

  private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);

  static void of(DuckDBConnection duckdb) {
    try {
      Method interrupt = DuckDBConnection.class.getDeclaredMethod("interrupt");
      interrupt.setAccessible(true);
      interrupt.invoke(duckdb);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      LOG.warn("cannot cancel: this driver of DuckDB cannot be interrupted", e);
    }
  }

  private Interrupt() {}
}
