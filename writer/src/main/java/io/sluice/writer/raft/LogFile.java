package io.sluice.writer.raft;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;

/**
 * A segment of a group's log, read by Ratis' own reader and never changed.
 *
 * @param last index; {@link #OPEN} of the one that is appended to
 */
record LogFile(Path path, long first, long last) {

  static final long OPEN = Long.MAX_VALUE;

  private static final Pattern NAME = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-(\\d+))?");

  /**
   * By what they begin with.
   *
   * @param current the group's directory of that name
   */
  static List<LogFile> in(Path current) throws IOException {
    List<LogFile> files = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(current, "log_*")) {
      for (Path path : paths) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        if (name.matches()) {
          long last = name.group(2) == null ? OPEN : Long.parseLong(name.group(2));
          LogFile file = new LogFile(path, Long.parseLong(name.group(1)), last);
          if (!file.isOpen() || Files.size(path) > 0) { // one that is begun; Ratis deletes it
            files.add(file);
          }
        }
      }
    }
    files.sort(Comparator.comparingLong(LogFile::first));
    return files;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  boolean isOpen() {
    return last == OPEN;
  }

  /**
   * Its entries, one after the other, up to the first that is damaged; an end that was written in
   * part is none.
   *
   * @throws IOException it is damaged there
   */
  void read(Consumer<LogEntryProto> entries) throws IOException {
    if (Files.size(path) == 0) {
      throw new IOException("it is empty");
    }
    try {
      LogSegment.readSegmentFile(
          path.toFile(),
          LogSegmentPath.matchLogSegment(path).getStartEnd(),
          SizeInBytes.valueOf(2L * RaftSettings.LARGEST_ENTRY),
          CorruptionPolicy.EXCEPTION,
          null,
          entries);
    } catch (IllegalStateException e) { // a gap
      throw new IOException(e.getMessage(), e);
    }
  }
}
