package io.sluice.cli;

import io.sluice.writer.raft.RaftLogFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** What {@code sluice wal} says of a Writer's replicas of logs. */
final class ReplicaFiles {

  static final String INSTEAD =
      "it is a replica, and other Writers have its log, too (while two of them are well: stop this Writer, move DATA/writer/raft away and start it, and it gets from them what it had)";

  private final List<Path> replicas;

  private ReplicaFiles(List<Path> replicas) {
    this.replicas = replicas;
  }

  /**
   * @param directory of one replica or of all, of the Writer, or its data directory
   */
  static ReplicaFiles in(Path directory) throws IOException {
    return new ReplicaFiles(RaftLogFiles.replicas(directory));
  }

  boolean isEmpty() {
    return replicas.isEmpty();
  }

  /** Whether all are sound. */
  boolean verify(PrintWriter out) throws IOException {
    boolean sound = true;
    for (Path each : replicas) {
      RaftLogFiles.Report report = RaftLogFiles.verify(each);
      report.findings().forEach(finding -> out.println("corrupt: " + finding));
      out.printf(
          "log %d (%s): %s: %d segments, %s, %d records, %s%n",
          report.number(),
          report.id(),
          report.isSound() ? "sound" : "corrupt",
          report.segments(),
          report.entries() == 0
              ? "no entries"
              : "%d entries (%d to %d)".formatted(report.entries(), report.first(), report.last()),
          report.records(),
          report.snapshot() < 0 ? "no snapshot" : "snapshot of position " + report.snapshot());
      sound &= report.isSound();
    }
    if (!sound) {
      out.printf("(a damaged one is not repaired: %s)%n", INSTEAD);
    }
    out.flush();
    return sound;
  }

  void dump(PrintWriter out) throws IOException {
    for (Path each : replicas) {
      out.println(each + ":");
      RaftLogFiles.dump(each, RecordText::stream, out::println);
    }
    out.flush();
  }
}
