package io.sluice.query;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a connection runs. The driver's own way, Statement.cancel, does nothing while a result
 * is streamed, which is when most of the work may be done; this is what it does otherwise.
 */
final class Interrupt {

  private static final Logger LOG = LoggerFactory.getLogger(Interrupt.class);

  static void of(DuckDBConnection duckdb) {
    try {
      Field field = DuckDBConnection.class.getDeclaredField("connRefLock");
      Method interrupt = DuckDBConnection.class.getDeclaredMethod("interrupt");
      field.setAccessible(true);
      interrupt.setAccessible(true);
      ReentrantLock lock = (ReentrantLock) field.get(duckdb);
      lock.lock(); // what runs does not hold it
      try {
        interrupt.invoke(duckdb);
      } finally {
        lock.unlock();
      }
    } catch (NoSuchFieldException
        | NoSuchMethodException
        | IllegalAccessException
        | InvocationTargetException e) {
      LOG.warn("cannot cancel: this driver of DuckDB cannot be interrupted ({})", e.toString(), e);
    }
  }

  private Interrupt() {}
}
