package io.sluice.writer.persist;

import io.sluice.writer.buffer.TableBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How much of all that waits to be persisted is each tenant's. When room runs short, whoever has
 * more than an equal part of it is the one who takes it; tenants that have nothing there now count,
 * too, as they come again. Looked at anew only now and then, as senders ask at each message. Any
 * thread.
 */
public final class TenantParts {

  /** Much shorter than it takes to fill what is left for the others. */
  private static final long FRESH_NANOS = 50_000_000;

  private final Supplier<Stream<TableBuffer>> tables;
  private final LongSupplier nanos;
  private volatile Parts last;

  private record Parts(long atNanos, long total, Map<String, Long> bytes) {}

  /**
   * @param tables of all logs and tenants
   * @param nanos a monotonic clock
   */
  public TenantParts(Supplier<Stream<TableBuffer>> tables, LongSupplier nanos) {
    this.tables = tables;
    this.nanos = nanos;
    this.last = look();
  }

  /** Whether the tenant has more than its equal part; never if no other is known. */
  public boolean isBeyond(String tenant) {
    Parts parts = last;
    if (nanos.getAsLong() - parts.atNanos > FRESH_NANOS) {
      parts = look();
      last = parts;
    }
    long own = parts.bytes.getOrDefault(tenant, 0L);
    return own > 0 && own > parts.total / parts.bytes.size();
  }

  private Parts look() {
    Map<String, Long> bytes = new HashMap<>();
    tables
        .get()
        .forEach(
            table -> {
              bytes.merge(table.key().tenant(), table.owedBytes(), Long::sum);
            });
    long total = bytes.values().stream().mapToLong(Long::longValue).sum();
    return new Parts(nanos.getAsLong(), total, Map.copyOf(bytes));
  }
}
