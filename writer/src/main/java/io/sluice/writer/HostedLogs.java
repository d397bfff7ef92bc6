package io.sluice.writer;

import io.sluice.schema.service.CommonSettings;
import io.sluice.writer.intake.PutLog;
import io.sluice.writer.intake.PutLogs;
import io.sluice.writer.serve.Cluster;
import io.sluice.writer.serve.ServedLog;
import io.sluice.writer.serve.ServedLogs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The logs that this Writer hosts, of those that the cluster has; more may come. Any thread asks.
 */
final class HostedLogs implements PutLogs, ServedLogs {

  private record Entry(HostedLog log, PutLog put, ServedLog served) {}

  private final CommonSettings settings;
  private final Map<Integer, Entry> entries = new ConcurrentSkipListMap<>();
  private volatile IntFunction<@Nullable String> elsewhere = number -> null;
  private volatile Cluster shared = Cluster.ALONE;

  HostedLogs(CommonSettings settings) {
    this.settings = settings;
  }

  void add(HostedLog log) {
    entries.put(log.number(), new Entry(log, log.put(), log.served()));
  }

  /** Nobody finds it any more; whoever has it already has. */
  void remove(HostedLog log) {
    entries.remove(log.number());
  }

  /** Who knows where logs are led that are not hosted here. */
  void elsewhere(IntFunction<@Nullable String> known) {
    elsewhere = known;
  }

  void shared(Cluster cluster) {
    shared = cluster;
  }

  @Override
  public Cluster cluster() {
    return shared;
  }

  List<HostedLog> all() {
    return entries.values().stream().map(Entry::log).toList();
  }

  @Override
  public int count() {
    return settings.logs();
  }

  @Override
  public @Nullable PutLog hosted(int number) {
    Entry entry = entries.get(number);
    return entry == null ? null : entry.put();
  }

  @Override
  public List<ServedLog> hosted() {
    return entries.values().stream().map(Entry::served).toList();
  }

  @Override
  public @Nullable String leader(int number) {
    return elsewhere.apply(number);
  }
}
