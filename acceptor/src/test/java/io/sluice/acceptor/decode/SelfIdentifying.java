package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigInteger;
import java.util.List;

/** Which records identify themselves, from their messages. */
final class SelfIdentifying {

  static boolean all(List<Flat.Source> records) {
    return records.stream().allMatch(source -> is(source.record()));
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
