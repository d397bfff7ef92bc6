package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigInteger;
import java.util.List;

/** Whether equal bytes are the same records sent again, from their messages. */
final class SelfIdentifying {

  static boolean are(List<Flat.Source> records) {
    long moments =
        records.stream()
            .map(Flat.Source::record)
            .filter(LogRecord.class::isInstance)
            .map(record -> millis((LogRecord) record))
            .filter(millis -> millis != 0)
            .distinct()
            .count();
    return moments >= 3 || records.stream().anyMatch(source -> is(source.record()));
  }

  private static int millis(LogRecord log) {
    long time = log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
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
