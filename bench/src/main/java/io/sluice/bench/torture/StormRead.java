package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.audit.DuckDbRows;
import io.sluice.bench.audit.Pace;
import io.sluice.bench.audit.RowSource;
import io.sluice.bench.audit.TableRows;
import io.sluice.bench.harness.SqlRows;
import io.sluice.schema.table.Table;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A way to read beside the faults. But for SQL, they share no code with Sluice's own readers. */
enum StormRead {
  /** All tables, as users read them. */
  SQL {
    @Override
    RowSource open(AuditTarget target) throws Exception {
      return new SqlRows(target);
    }

    @Override
    boolean lasts() {
      return true;
    }
  },

  /** Takes a window now and then, for longer than persisted rows are kept. */
  SLOW {
    @Override
    RowSource open(AuditTarget target) throws Exception {
      return paced(
          target,
          new Pace() {
            @Override
            public boolean next(int taken) throws InterruptedException {
              TimeUnit.MILLISECONDS.sleep(taken < 10 ? 1_000 : 0);
              return true;
            }
          });
    }
  },

  /** Takes one window, and then none for longer than the Writer waits. */
  STALLED {
    @Override
    RowSource open(AuditTarget target) throws Exception {
      return paced(
          target,
          new Pace() {
            @Override
            public boolean next(int taken) throws InterruptedException {
              TimeUnit.SECONDS.sleep(taken == 1 ? 20 : 0);
              return true;
            }
          });
    }
  },

  /** Opens what it reads long after it loaded the table. */
  OLD_SNAPSHOT {
    @Override
    RowSource open(AuditTarget target) throws Exception {
      return paced(
          target,
          new Pace() {
            @Override
            public void beforeOpen() throws InterruptedException {
              TimeUnit.SECONDS.sleep(12);
            }
          });
    }
  },

  /** Takes what arrives for a while: each row once, but nobody knows when all are there. */
  FOLLOWING {
    @Override
    RowSource open(AuditTarget target) throws Exception {
      long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
      return paced(
          target,
          new Pace() {
            @Override
            public boolean follows() {
              return true;
            }

            @Override
            public boolean next(int taken) {
              return System.nanoTime() < end;
            }
          });
    }

    @Override
    boolean isWhole() {
      return false;
    }
  };

  /** What a reader loads and opens again within this time ends well or is refused. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  abstract RowSource open(AuditTarget target) throws Exception;

  List<Table> tables() {
    return switch (this) {
      case SQL -> Table.all();
      case OLD_SNAPSHOT -> List.of(Table.LOGS);
      case SLOW, STALLED, FOLLOWING -> List.of(Table.TRACES);
    };
  }

  /** Whether one that is open goes on being used, through whatever becomes of the Writer. */
  boolean lasts() {
    return false;
  }

  /** Whether it must have all that was acked before it began. */
  boolean isWhole() {
    return true;
  }

  private static RowSource paced(AuditTarget target, Pace pace) throws Exception {
    AuditTarget patient =
        new AuditTarget(target.lake(), target.writers(), target.tenant(), PATIENCE);
    return new TableRows(patient, new DuckDbRows(), pace);
  }
}
