package io.sluice.lake;

/** What a snapshot of ours says in its summary. */
final class SnapshotMarks {

  static final String LOG = "sluice.log";
  static final String FROM = "sluice.from";
  static final String TO = "sluice.to";

  /** Random for each call of commit: tells own snapshots from those of others. */
  static final String TOKEN = "sluice.token";

  /** All marks, for readers pinned to the snapshot. */
  static final String POSITIONS = "sluice.positions";

  /** In snapshots that maintenance made instead of a token: what it did. */
  static final String MAINTAIN = "sluice.maintain";

  /** Beside that: random for each commit, to know it again. */
  static final String MAINTAIN_TOKEN = "sluice.maintain-token";

  private SnapshotMarks() {}
}
