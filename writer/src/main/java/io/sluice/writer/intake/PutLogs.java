package io.sluice.writer.intake;

import org.jspecify.annotations.Nullable;

/** The cluster's logs, as puts find them. Any thread asks. */
public interface PutLogs {

  /** How many the cluster has: they are numbered from 0. */
  int count();

  /** The log of this number, if this Writer hosts it. */
  @Nullable PutLog hosted(int number);

  /** Where the leader of a log is reached that is not hosted here; null if that is not known. */
  @Nullable String leader(int number);

  /** Of a cluster that has one log, which is here. */
  static PutLogs alone(PutLog log) {
    return new PutLogs() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public PutLog hosted(int number) {
        return log;
      }

      @Override
      public @Nullable String leader(int number) {
        return null;
      }
    };
  }
}
