package io.sluice.writer.parquet;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * A row of another day than its file's partition would be lost to every query that filters by time.
 */
final class DayBounds {

  static void require(Schema schema, Metrics metrics, LocalDate day) {
    Types.NestedField time = schema.findField("time");
    if (dayOf(time, metrics.lowerBounds()) != day.toEpochDay()
        || dayOf(time, metrics.upperBounds()) != day.toEpochDay()) {
      throw new IllegalStateException("cannot finish file: it has rows of other days than " + day);
    }
  }

  private static long dayOf(Types.NestedField time, Map<Integer, ByteBuffer> bounds) {
    ByteBuffer bound = bounds.get(time.fieldId());
    Long micros = bound == null ? null : Conversions.<Long>fromByteBuffer(time.type(), bound);
    return micros == null ? Long.MIN_VALUE : Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
  }

  private DayBounds() {}
}
