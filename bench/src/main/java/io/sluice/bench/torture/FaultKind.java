package io.sluice.bench.torture;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The faults that are drawn. */
public enum FaultKind {
  KILL_WRITER(Track.PROCESSES, Ends.NEVER, 0, 1_500, "kill -9 of the Writer, away for the time"),
  KILL_WRITER_STARTING(Track.PROCESSES, Ends.NEVER, 0, 2_500, "kill -9, and again in its start"),
  STOP_WRITER(Track.PROCESSES, Ends.NEVER, 2_000, 15_000, "SIGSTOP of the Writer, then SIGCONT"),
  TERM_WRITER(Track.PROCESSES, Ends.NEVER, 0, 500, "SIGTERM of the Writer, and its restart"),
  KILL_ACCEPTOR(Track.PROCESSES, Ends.NEVER, 0, 1_500, "kill -9 of the Acceptor"),
  KILL_ACCEPTOR_STARTING(Track.PROCESSES, Ends.NEVER, 0, 1_500, "kill -9, and again in its start"),
  STOP_ACCEPTOR(Track.PROCESSES, Ends.NEVER, 2_000, 12_000, "SIGSTOP of the Acceptor, SIGCONT"),
  TERM_ACCEPTOR(Track.PROCESSES, Ends.NEVER, 0, 500, "SIGTERM of the Acceptor, and its restart"),
  LOG_FAILS(Track.PROCESSES, Ends.LIFE, 300, 2_000, "EIO of the log's writes and forces"),

  LINK_REFUSED(Track.LINK, Ends.NEVER, 1_000, 10_000, "Acceptor to Writer: connections refused"),
  LINK_RESET(Track.LINK, Ends.NEVER, 0, 200, "Acceptor to Writer: connections reset"),
  LINK_STALLED(Track.LINK, Ends.NEVER, 1_000, 15_000, "Acceptor to Writer: no byte moves"),
  LINK_DELAYED(Track.LINK, Ends.NEVER, 2_000, 10_000, "Acceptor to Writer: bytes are late"),
  LINK_HALF_OPEN(Track.LINK, Ends.NEVER, 1_000, 10_000, "the Writer's answers do not arrive"),

  SLOW_FORCE(Track.STORAGE, Ends.NEVER, 2_000, 8_000, "each fsync of the log takes 0.1 to 1.5 s"),
  LOG_FULL(Track.STORAGE, Ends.START, 1_000, 10_000, "ENOSPC for new files of the log, injected"),
  DISK_FULL(Track.STORAGE, Ends.START, 1_000, 10_000, "ENOSPC on a small file system (root)"),
  STORE_GONE(Track.STORAGE, Ends.NEVER, 2_000, 20_000, "the store is away, the directory none"),
  STORE_RESET(Track.STORAGE, Ends.NEVER, 2_000, 8_000, "connections to the store are reset (S3)"),
  STORE_FAILS(Track.STORAGE, Ends.NEVER, 2_000, 20_000, "each access to the store fails"),
  STORE_HANGS(Track.STORAGE, Ends.NEVER, 2_000, 20_000, "each access to the store hangs"),
  CATALOG_LOCKED(Track.STORAGE, Ends.NEVER, 2_000, 20_000, "the catalog's database is locked"),
  CATALOG_FAILS(Track.STORAGE, Ends.NEVER, 2_000, 20_000, "each statement of the catalog fails"),
  CATALOG_HANGS(Track.STORAGE, Ends.NEVER, 2_000, 20_000, "each statement of the catalog hangs"),
  CATALOG_ANSWERS_LOST(Track.STORAGE, Ends.NEVER, 500, 3_000, "statements run, answers are lost"),

  FOREIGN_PROPERTY(Track.FOREIGN, Ends.NEVER, 0, 1_000, "somebody sets a property of each table"),
  FOREIGN_APPEND(Track.FOREIGN, Ends.NEVER, 0, 1_000, "somebody commits an empty append"),
  FOREIGN_REWRITE(Track.FOREIGN, Ends.NEVER, 0, 1_000, "somebody replaces a file by a copy of it"),
  FOREIGN_EXPIRE(Track.FOREIGN, Ends.NEVER, 0, 1_000, "somebody expires old snapshots"),

  KILL_LEADER(Track.CLUSTER, Ends.NEVER, 0, 8_000, "kill -9 of a log's leader, away for the time"),
  KILL_LEADER_STARTING(Track.CLUSTER, Ends.NEVER, 0, 2_500, "kill -9, and again in its start"),
  STOP_LEADER(Track.CLUSTER, Ends.NEVER, 3_000, 15_000, "SIGSTOP of a log's leader, then SIGCONT"),
  HAND_OVER(Track.CLUSTER, Ends.NEVER, 0, 500, "SIGTERM of a log's leader, and its restart"),
  ROLLING_RESTART(Track.CLUSTER, Ends.NEVER, 0, 500, "SIGTERM of each Writer, one by one"),
  WIPE_DISK(Track.CLUSTER, Ends.START, 0, 3_000, "kill -9 of a log's leader, its disk is lost"),
  KILL_TWO(Track.CLUSTER, Ends.NEVER, 0, 3_000, "kill -9 of a leader, then of who leads then"),
  STOP_AND_KILL(
      Track.CLUSTER, Ends.NEVER, 3_000, 12_000, "SIGSTOP, then kill -9 of who leads then"),
  PART_WRITERS(Track.CLUSTER, Ends.NEVER, 2_000, 15_000, "two Writers do not reach each other"),
  PART_ONE_WAY(Track.CLUSTER, Ends.NEVER, 2_000, 15_000, "one Writer does not reach another"),
  PART_LEADER(Track.CLUSTER, Ends.NEVER, 3_000, 15_000, "a leader and the Writers are apart"),
  ISOLATE_LEADER(Track.CLUSTER, Ends.NEVER, 3_000, 15_000, "so are the Acceptor and it"),
  PART_ACCEPTOR(Track.CLUSTER, Ends.NEVER, 1_000, 10_000, "the Acceptor and a leader are apart"),
  PART_CATALOG(Track.CLUSTER, Ends.NEVER, 2_000, 15_000, "a leader and the catalog are apart");

  /** Faults of one track come one after the other; the tracks run beside each other. */
  enum Track {
    PROCESSES(4, 14),
    LINK(6, 20),
    STORAGE(2, 10),
    FOREIGN(2, 10),
    /** What hurts one of several Writers: each is over, and made good, before the next. */
    CLUSTER(3, 8);

    private final Duration leastGap;
    private final Duration mostGap;

    /** Seconds from the end of one to the begin of the next. */
    Track(int leastGap, int mostGap) {
      this.leastGap = Duration.ofSeconds(leastGap);
      this.mostGap = Duration.ofSeconds(mostGap);
    }

    Duration leastGap() {
      return leastGap;
    }

    Duration mostGap() {
      return mostGap;
    }
  }

  /** What it may do to a Writer that is not killed. */
  enum Ends {
    /** It must live through it. */
    NEVER,
    /** It may refuse to start; one that runs must live through it. */
    START,
    /** It ends with an exit code that is not 0. */
    LIFE
  }

  private final Track track;
  private final Ends ends;
  private final Duration least;
  private final Duration most;
  private final String what;

  FaultKind(Track track, Ends ends, int leastMillis, int mostMillis, String what) {
    this.track = track;
    this.ends = ends;
    this.least = Duration.ofMillis(leastMillis);
    this.most = Duration.ofMillis(mostMillis);
    this.what = what;
  }

  static List<FaultKind> of(Track track) {
    return Arrays.stream(values()).filter(kind -> kind.track == track).toList();
  }

  Track track() {
    return track;
  }

  Ends ends() {
    return ends;
  }

  Duration least() {
    return least;
  }

  Duration most() {
    return most;
  }

  /** How it is done, in a few words. */
  public String what() {
    return what;
  }
}
