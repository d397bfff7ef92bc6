package io.sluice.writer.raft;

import io.sluice.wal.Snapshot;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * A group's snapshots: one file each, {@code snapshot.TERM_POSITION} and its MD5, as Ratis names
 * and sends them. Two are kept: a replica may be getting the older one.
 */
final class RaftSnapshots extends SimpleStateMachineStorage {

  private static final int KEPT = 2;

  /** Durable when it returns. One thread at a time. */
  void write(TermIndex at, Snapshot snapshot) throws IOException {
    File file = getSnapshotFile(at.getTerm(), at.getIndex());
    Path path = file.toPath();
    Path temporary = path.resolveSibling(file.getName() + ".part");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      snapshot.writeTo(out);
      out.force(true);
    }
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    MD5Hash md5 = MD5FileUtil.computeAndSaveMd5ForFile(file);
    force(path);
    updateLatestSnapshot(
        new SingleFileSnapshotInfo(new FileInfo(path, md5), at.getTerm(), at.getIndex()));
    cleanupOldSnapshots(
        new org.apache.ratis.statemachine.SnapshotRetentionPolicy() {
          @Override
          public int getNumSnapshotsRetained() {
            return KEPT;
          }
        });
  }

  /** What Ratis has put there is not forced: the log may be let go only after that. */
  void force(Path snapshot) throws IOException {
    Path md5 = snapshot.resolveSibling(snapshot.getFileName() + MD5FileUtil.MD5_SUFFIX);
    for (Path each : new Path[] {snapshot, md5, snapshot.getParent(), directoryOf(snapshot)}) {
      try (FileChannel channel = FileChannel.open(each, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static Path directoryOf(Path snapshot) {
    Path parent = snapshot.getParent();
    Path above = parent == null ? null : parent.getParent();
    if (parent == null || above == null) {
      throw new IllegalArgumentException("not in a group's directory: " + snapshot);
    }
    return above;
  }

  /** The position of the newest one; 0 if there is none. */
  long newest() {
    SingleFileSnapshotInfo newest = getLatestSnapshot();
    return newest == null ? 0 : newest.getIndex();
  }
}
