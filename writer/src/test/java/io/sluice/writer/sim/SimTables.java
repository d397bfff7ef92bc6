package io.sluice.writer.sim;

import io.sluice.writer.buffer.TableKey;
import java.util.List;

/** All tables and the way to them: their catalog may be away, for all or for one Writer. */
final class SimTables {

  static final List<TableKey> KEYS =
      List.of(new TableKey("default", Messages.TABLE), new TableKey("other", Messages.TABLE));

  private final List<SimTable> tables;
  private final long[] awayUntil;
  private long allAwayUntil;

  SimTables(Plan plan) {
    tables = KEYS.stream().map(key -> new SimTable(plan.comparesHeads)).toList();
    awayUntil = new long[plan.writers];
  }

  SimTable table(int number) {
    return tables.get(number);
  }

  static int number(TableKey key) {
    return KEYS.indexOf(key);
  }

  void away(long until) {
    allAwayUntil = until;
  }

  void awayFor(int writer, long until) {
    awayUntil[writer] = until;
  }

  /** What was put back is taken forward. */
  void rollForward() {
    tables.forEach(SimTable::rollForward);
  }

  boolean isAway(long now) {
    return now < allAwayUntil;
  }

  boolean isAwayFor(int writer, long now) {
    return isAway(now) || now < awayUntil[writer];
  }
}
