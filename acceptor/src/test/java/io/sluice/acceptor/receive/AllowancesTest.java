package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.security.TenantLimits;
import io.sluice.schema.service.Telemetry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AllowancesTest {

  private final Telemetry telemetry = new Telemetry("test");
  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2); // it wraps, as clocks may
  private Map<String, TenantLimits> limits = Map.of("shop", new TenantLimits(1_000, 0));
  private final Tenants known = new Tenants(2, Set.of("shop", "other")::contains);
  private final Allowances allowances =
      new Allowances(known, id -> limits.getOrDefault(id, TenantLimits.NONE), () -> now, telemetry);

  @AfterEach
  void close() {
    telemetry.close();
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void whoSendsAtTheRateIsNeverRefused() {
    for (int i = 0; i < 100; i++) {
      assertThat(allowances.refuses("shop")).isNull();
      allowances.taken("shop", 100, 1 << 20);
      pass(100);
    }
  }

  @Test
  void whoSendsMoreWaitsUntilThatIsPaid() {
    allowances.taken("shop", 1_000, 0); // a second's worth at once
    assertThat(allowances.refuses("shop")).isNull();
    allowances.taken("shop", 500, 0);
    Outcome.Overloaded refused = allowances.refuses("shop");
    assertThat(refused).isNotNull();
    assertThat(refused.retryAfterMillis()).isBetween(500, 700);
    assertThat(refused.why()).contains("1000 records a second");
    pass(499);
    assertThat(allowances.refuses("shop")).isNotNull();
    pass(1);
    assertThat(allowances.refuses("shop")).isNull();
  }

  @Test
  void overAnyTimeItIsTheRateAndASecondsWorth() {
    long taken = 0;
    for (int millis = 0; millis < 20_000; millis++) {
      if (allowances.refuses("shop") == null) {
        allowances.taken("shop", 70, 0);
        taken += 70;
      }
      pass(1);
    }
    assertThat(taken).isBetween(20_000L, 21_100L);
  }

  @Test
  void noTenantPaysForAnother() {
    allowances.taken("shop", 1_000_000, 0);
    allowances.taken("other", 1_000_000, 0);
    assertThat(allowances.refuses("other")).isNull();
    assertThat(allowances.refuses("shop")).isNotNull();
  }

  @Test
  void whoBroughtNoRecordsYetSharesWhatIsKeptOfSuch() throws Exception {
    limits = Map.of("one", new TenantLimits(0, 1_000), "two", new TenantLimits(0, 1_000));
    allowances.taken("one", 0, 2_000);
    assertThat(allowances.refuses("two")).isNotNull();
    known.count("two");
    assertThat(allowances.refuses("two")).isNull();
    assertThat(allowances.refuses("one")).isNotNull();
  }

  @Test
  void bytesAreLimitedAsRecordsAreAndNewLimitsHoldAtOnce() {
    limits = Map.of("shop", new TenantLimits(0, 1_000));
    allowances.taken("shop", 1_000_000, 3_000);
    assertThat(allowances.refuses("shop").why()).contains("1000 bytes a second");
    assertThat(allowances.refuses("shop").retryAfterMillis()).isBetween(2_000, 2_700);
    limits = Map.of();
    assertThat(allowances.refuses("shop")).isNull();
  }
}
