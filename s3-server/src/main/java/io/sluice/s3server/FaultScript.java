package io.sluice.s3server;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Says what goes wrong with a request, before it goes to the store. Any thread may ask. */
@FunctionalInterface
public interface FaultScript {

  FaultScript NOTHING = request -> Optional.empty();

  Optional<StoreFault> on(S3Request request);

  /** For the first so many requests of a kind. */
  static FaultScript first(int times, S3Call call, StoreFault fault) {
    AtomicInteger left = new AtomicInteger(times);
    return request ->
        request.call() == call && left.getAndDecrement() > 0
            ? Optional.of(fault)
            : Optional.empty();
  }

  /** For the first request of a kind. */
  static FaultScript once(S3Call call, StoreFault fault) {
    return first(1, call, fault);
  }

  /** For all requests of a kind. */
  static FaultScript always(S3Call call, StoreFault fault) {
    return request -> request.call() == call ? Optional.of(fault) : Optional.empty();
  }

  /** For all requests. */
  static FaultScript all(StoreFault fault) {
    return request -> Optional.of(fault);
  }

  /** Where this one lets a request pass, another one is asked. */
  default FaultScript and(FaultScript other) {
    return request -> on(request).or(() -> other.on(request));
  }
}
