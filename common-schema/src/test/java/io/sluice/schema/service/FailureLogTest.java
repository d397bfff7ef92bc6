package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FailureLogTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final FailureLog log = new FailureLog(nanos::get);

  private static Throwable at(Throwable failure, int line) {
    failure.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("Some", "method", "Some.java", line)});
    return failure;
  }

  private static Throwable bug() {
    return at(new IllegalStateException("a bug"), 1);
  }

  @Test
  void firstOfAKindIsLoggedAndThenOneASecondWithHowManyWereNot() {
    assertThat(log.log(bug())).isZero();
    for (int i = 0; i < 1_000; i++) {
      assertThat(log.log(bug())).isEqualTo(-1);
    }
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(log.log(bug())).isEqualTo(1_000);
    assertThat(log.log(bug())).isEqualTo(-1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(log.log(bug())).isEqualTo(1);
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(log.log(bug())).isZero();
  }

  @Test
  void kindsAreToldApartByClassAndPlace() {
    assertThat(log.log(bug())).isZero();
    assertThat(log.log(at(new IllegalStateException("a bug"), 2))).isZero();
    assertThat(log.log(at(new StackOverflowError(), 1))).isZero();
    assertThat(log.log(at(new IllegalStateException("same place"), 1))).isEqualTo(-1);
    assertThat(log.log(at(new StackOverflowError(), 1))).isEqualTo(-1);
  }

  @Test
  void failureOfAFutureIsOfTheKindThatItWraps() {
    assertThat(log.log(new CompletionException(bug()))).isZero();
    assertThat(log.log(bug())).isEqualTo(-1);
    assertThat(log.log(new CompletionException(at(new StackOverflowError(), 1)))).isZero();
  }

  @Test
  void kindsAreBounded() {
    int logged = 0;
    for (int line = 0; line < 10_000; line++) {
      logged += log.log(at(new IllegalStateException(), line)) >= 0 ? 1 : 0;
    }
    assertThat(logged).isEqualTo(65);
  }
}
