package io.sluice.query;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.apache.arrow.vector.PeriodDuration;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Times as ISO 8601 has them, seconds always; what is no time as DuckDB writes it. */
final class TimeText {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

  /** DuckDB keeps how far west of here a zone is, so that times sort by the instant. */
  private static final int EASTERNMOST_SECONDS = 16 * 3600 - 1;

  private static final int ZONE_BITS = 24;

  static String timestamp(long value, ArrowType.Timestamp type) {
    if (value == Long.MAX_VALUE || value == -Long.MAX_VALUE) {
      return infinity(value);
    }
    long perSecond = perSecond(type.getUnit());
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(value, perSecond),
            Math.floorMod(value, perSecond) * (NANOS_PER_SECOND / perSecond));
    return type.getTimezone() == null
        ? withSeconds(instant.atOffset(ZoneOffset.UTC).toLocalDateTime().toString())
        : instant.toString();
  }

  /** Java leaves them out where they are none. */
  private static String withSeconds(String text) {
    return text.indexOf(':') == text.lastIndexOf(':') ? text + ":00" : text;
  }

  static String date(int day) {
    return day == Integer.MAX_VALUE || day == -Integer.MAX_VALUE
        ? infinity(day)
        : LocalDate.ofEpochDay(day).toString();
  }

  static String time(long nanos) {
    return nanos == NANOS_PER_DAY // which SQL has
        ? "24:00:00"
        : withSeconds(LocalTime.ofNanoOfDay(nanos).toString());
  }

  /** DuckDB's TIMETZ: microseconds above, the zone below. */
  static String timeWithZone(long value) {
    int zone = EASTERNMOST_SECONDS - (int) (value & ((1L << ZONE_BITS) - 1));
    return time((value >>> ZONE_BITS) * 1000) + ZoneOffset.ofTotalSeconds(zone);
  }

  static String interval(PeriodDuration interval) {
    String time = interval.getDuration().toString();
    if (interval.getPeriod().isZero()) {
      return time;
    }
    return interval.getPeriod() + (interval.getDuration().isZero() ? "" : time.substring(1));
  }

  private static String infinity(long value) {
    return value > 0 ? "infinity" : "-infinity";
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> 1L;
      case MILLISECOND -> 1_000L;
      case MICROSECOND -> 1_000_000L;
      case NANOSECOND -> NANOS_PER_SECOND;
    };
  }

  private TimeText() {}
}
