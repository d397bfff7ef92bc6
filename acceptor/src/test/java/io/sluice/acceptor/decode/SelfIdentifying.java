package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigInteger;
import java.util.List;

/** Whether equal bytes are the same records sent again, from their messages. */
final class SelfIdentifying {

  static boolean are(List<Flat.Source> records) {
    long moments =
        records.stream()
            .map(Flat.Source::record)
            .map(SelfIdentifying::millis)
            .filter(millis -> millis != 0)
            .distinct()
            .count();
    return moments >= 3 || records.stream().anyMatch(source -> is(source.record()));
  }

  /** Of a second; 0 for those that have no such time. */
  private static int millis(Message record) {
    long time = 0;
    if (record instanceof LogRecord log) {
      time = log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
    } else if (record instanceof Profile profile) {
      time = profile.getTimeUnixNano();
    }
    return new BigInteger(Long.toUnsignedString(time))
        .divide(BigInteger.valueOf(1_000_000))
        .mod(BigInteger.valueOf(1_000))
        .intValue();
  }

  private static boolean is(Message record) {
    if (record instanceof Span span) {
      return !isZero(span.getSpanId());
    }
    if (record instanceof LogRecord log) {
      return !isZero(log.getTraceId())
          || isFine(log.getTimeUnixNano())
          || isFine(log.getObservedTimeUnixNano());
    }
    if (record instanceof Profile profile) {
      return !isZero(profile.getProfileId()) || isFine(profile.getTimeUnixNano());
    }
    Object time = record.getField(record.getDescriptorForType().findFieldByName("time_unix_nano"));
    return (Long) time != 0;
  }

  private static boolean isZero(ByteString id) {
    return new BigInteger(1, id.toByteArray()).signum() == 0;
  }

  private static boolean isFine(long time) {
    BigInteger nanos = new BigInteger(Long.toUnsignedString(time));
    return nanos.mod(BigInteger.valueOf(1_000_000)).signum() != 0;
  }

  private SelfIdentifying() {}
}
