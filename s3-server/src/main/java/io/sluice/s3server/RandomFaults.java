package io.sluice.s3server;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Lets some requests go wrong, by a seed. Which ones depends on the order in which they come. */
public final class RandomFaults implements FaultScript {

  private static final Set<S3Call> WITH_BODY =
      EnumSet.of(S3Call.PUT_OBJECT, S3Call.UPLOAD_PART, S3Call.COMPLETE_UPLOAD);

  private static final List<StoreFault> OF_ALL =
      List.of(
          new StoreFault.Answer(503, "SlowDown"),
          new StoreFault.Answer(500, "InternalError"),
          new StoreFault.Answer(500, "InternalError", true),
          new StoreFault.Answer(403, "AccessDenied"),
          new StoreFault.Answer(400, "ExpiredToken"),
          new StoreFault.Reset(false),
          new StoreFault.Reset(true),
          new StoreFault.Reset(true));

  private final Random random;
  private final double share;

  /**
   * @param share of the requests that go wrong
   */
  public RandomFaults(long seed, double share) {
    this.random = new Random(seed);
    this.share = share;
  }

  @Override
  public synchronized Optional<StoreFault> on(S3Request request) {
    if (random.nextDouble() >= share) {
      return Optional.empty();
    }
    if (random.nextBoolean()) {
      return Optional.of(OF_ALL.get(random.nextInt(OF_ALL.size())));
    }
    if (WITH_BODY.contains(request.call())) {
      return Optional.of(
          switch (random.nextInt(4)) {
            case 0 -> new StoreFault.FlipBody();
            case 1 ->
                new StoreFault.Answer(409, "ConditionalRequestConflict", random.nextBoolean());
            case 2 -> new StoreFault.Answer(200, "InternalError");
            default -> new StoreFault.ResetInBody(random.nextInt(2_000));
          });
    }
    return request.call() == S3Call.GET_OBJECT
        ? Optional.of(new StoreFault.CutAnswer(random.nextInt(20_000)))
        : Optional.of(new StoreFault.Reset(random.nextBoolean()));
  }
}
