package io.sluice.acceptor.receive;

import io.opentelemetry.api.common.Attributes;
import io.sluice.schema.security.TenantLimits;
import io.sluice.schema.service.Telemetry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much each tenant may still send. Those that did not bring records yet share what bytes they
 * may send that are no records: as anybody may name any tenant, nothing is kept of each. Any
 * thread.
 */
public final class Allowances {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Tenants known;
  private final Function<String, TenantLimits> limits;
  private final LongSupplier nanoClock;
  private final Telemetry telemetry;
  private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

  private final class Tenant {
    final RateLimit records = new RateLimit();
    final RateLimit bytes = new RateLimit();
    final LongAdder limited;

    Tenant(String id) {
      limited =
          telemetry.counter(
              "sluice.acceptor.tenant.limited", Attributes.builder().put("tenant", id).build());
    }
  }

  /**
   * @param known which have buckets of their own
   * @param limits of a tenant, now
   * @param nanoClock monotonic
   */
  public Allowances(
      Tenants known,
      Function<String, TenantLimits> limits,
      LongSupplier nanoClock,
      Telemetry telemetry) {
    this.known = known;
    this.limits = limits;
    this.nanoClock = nanoClock;
    this.telemetry = telemetry;
  }

  /** Null: it may send; else why it may not, and when again, which nobody else is told. */
  Outcome.@Nullable Overloaded refuses(String id) {
    TenantLimits most = limits.apply(id);
    Tenant tenant = tenants.get(bucket(id));
    if (tenant == null) {
      return null;
    }
    long now = nanoClock.getAsLong();
    long records = most.recordsPerSecond() == 0 ? 0 : tenant.records.waitNanos(now);
    long bytes = most.bytesPerSecond() == 0 ? 0 : tenant.bytes.waitNanos(now);
    if (records == 0 && bytes == 0) {
      return null;
    }
    tenant.limited.increment();
    String what =
        records >= bytes ? most.recordsPerSecond() + " records" : most.bytesPerSecond() + " bytes";
    long place =
        Math.max(
            records == 0 ? 0 : tenant.records.placeNanos(now),
            bytes == 0 ? 0 : tenant.bytes.placeNanos(now));
    return new Outcome.Overloaded(
        (int) Math.ceil(place / NANOS_PER_MILLI),
        "cannot take more of this tenant now: it may send %s a second".formatted(what),
        true);
  }

  private String bucket(String id) {
    return known.knows(id) ? id : Tenants.NEWCOMERS;
  }

  /** Which tenants there are. */
  Tenants known() {
    return known;
  }

  /** So much of a request of the tenant was taken in. */
  void taken(String id, long records, long bytes) {
    TenantLimits most = limits.apply(id);
    if (!most.equals(TenantLimits.NONE)) {
      Tenant tenant = tenants.computeIfAbsent(bucket(id), Tenant::new);
      long now = nanoClock.getAsLong();
      tenant.records.take(records, most.recordsPerSecond(), now);
      tenant.bytes.take(bytes, most.bytesPerSecond(), now);
    }
  }
}
