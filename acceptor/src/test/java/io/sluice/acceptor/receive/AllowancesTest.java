package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.security.TenantLimits;
import io.sluice.schema.service.Telemetry;
import java.util.HashMap;
import java.util.HashSet;
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
    assertThat(refused.retryAfterMillis()).isEqualTo(500);
    assertThat(refused.alone()).isTrue();
    assertThat(refused.why()).contains("1000 records a second");
    pass(499);
    assertThat(allowances.refuses("shop")).isNotNull();
    pass(1);
    assertThat(allowances.refuses("shop")).isNull();
  }

  @Test
  void eachWhoWaitsIsToldATimeOfItsOwn() {
    for (int i = 0; i < 20; i++) {
      allowances.taken("shop", 100, 0); // 0.1 s each, a second's worth too much
    }
    for (int place = 0; place < 38; place++) {
      assertThat(hintMillis()).isBetween(1_000 + 100 * place, 1_001 + 100 * place);
    }
    pass(1_000);
    allowances.taken("shop", 1_500, 0); // by who came anew: 1.5 s are owed
    assertThat(hintMillis()).as("those told before come first").isBetween(3_799, 3_801);
  }

  private int hintMillis() {
    return allowances.refuses("shop").retryAfterMillis();
  }

  @Test
  void lineBeginsAnewWhereNobodyWaitsForLonger() {
    allowances.taken("shop", 1_500, 0);
    Map<Integer, Integer> told = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      allowances.taken("shop", 0, 0);
      told.merge(hintMillis(), 1, Integer::sum);
    }
    assertThat(told.keySet()).allSatisfy(hint -> assertThat(hint).isBetween(500, 4_800));
    assertThat(told.values()).allSatisfy(times -> assertThat(times).isLessThanOrEqualTo(150));
  }

  @Test
  void debtThatIsLongerThanAnybodyWaitsIsNotToldAsOneTimeToAll() {
    for (int i = 0; i < 100; i++) {
      allowances.taken("shop", 200, 0);
    }
    Set<Integer> told = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      told.add(hintMillis());
    }
    assertThat(told).hasSizeGreaterThan(4);
    assertThat(told).allSatisfy(hint -> assertThat(hint).isBetween(3_600, 4_800));
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
