package io.sluice.writer.raft;

import io.sluice.wal.LogRecord;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.MD5FileUtil;

/**
 * What the files of one replica hold. Read-only and without Ratis' lock: files of a Writer that
 * runs change meanwhile, so what is found counts only if it is found three times over.
 */
public final class RaftLogFiles {

  private static final int READINGS = 3;

  private final Path current;
  private final Consumer<String> out;
  private final Function<byte[], String> streamSummary;
  private final RaftEntry entries = new RaftEntry(new StreamHeadPack());
  private final EntryParts parts = new EntryParts();
  private final Set<String> findings = new LinkedHashSet<>();
  private long snapshot = -1;
  private long first = -1;
  private long last = -1;
  private long count;
  private long records;

  private RaftLogFiles(Path group, Function<byte[], String> streamSummary, Consumer<String> out) {
    this.current = group.resolve("current");
    this.streamSummary = streamSummary;
    this.out = out;
  }

  /**
   * @param findings what is damaged or missing, as sentences
   * @param entries of Raft, with its own
   * @param records batches and notes
   * @param first index; -1 if there are no entries
   * @param snapshot position of the newest; -1 if there is none
   */
  public record Report(
      UUID id,
      List<String> findings,
      int segments,
      long entries,
      long records,
      long first,
      long last,
      long snapshot) {

    public boolean isSound() {
      return findings.isEmpty();
    }

    /** Of the cluster's logs, from 0. */
    public int number() {
      return LogNumber.of(id);
    }
  }

  /**
   * The directories of the replicas that are in one of a Writer: of one replica, of all, of the
   * Writer, or its data directory. None if it has none.
   */
  public static List<Path> replicas(Path given) throws IOException {
    for (String each : List.of("", "raft", "writer/raft")) {
      Path root = given.resolve(each);
      if (Files.isDirectory(root)) {
        Set<UUID> groups = DiskId.groups(root);
        if (!groups.isEmpty()) {
          return groups.stream().map(group -> root.resolve(group.toString())).toList();
        }
      }
    }
    Path replica = given.toAbsolutePath().normalize();
    Path above = replica.getParent();
    boolean isOne =
        above != null
            && Files.isDirectory(replica.resolve("current"))
            && DiskId.groups(above).stream().anyMatch(id -> replica.endsWith(id.toString()));
    return isOne ? List.of(replica) : List.of();
  }

  /**
   * Checks what each entry's CRC covers, that none is missing between the first and the last and
   * behind the newest snapshot, that each is one of this release, and the snapshots' MD5.
   *
   * @param replica one of {@link #replicas}
   */
  public static Report verify(Path replica) throws IOException {
    Report report = report(replica);
    Set<String> lasting = new LinkedHashSet<>(report.findings());
    for (int i = 1; i < READINGS && !lasting.isEmpty(); i++) {
      report = report(replica);
      lasting.retainAll(report.findings());
    }
    return new Report(
        report.id(),
        List.copyOf(lasting),
        report.segments(),
        report.entries(),
        report.records(),
        report.first(),
        report.last(),
        report.snapshot());
  }

  private static Report report(Path replica) throws IOException {
    RaftLogFiles files = new RaftLogFiles(replica, stream -> "", line -> {});
    int segments = files.read();
    return new Report(
        UUID.fromString(String.valueOf(replica.getFileName())),
        List.copyOf(files.findings),
        segments,
        files.count,
        files.records,
        files.first,
        files.last,
        files.snapshot);
  }

  /**
   * A line for each entry, and for each place that is damaged.
   *
   * @param streamSummary says in a few words what a stream's first message is
   * @param out takes a line without its end
   */
  public static void dump(
      Path replica, Function<byte[], String> streamSummary, Consumer<String> out)
      throws IOException {
    RaftLogFiles files = new RaftLogFiles(replica, streamSummary, out);
    files.read();
    files.findings.forEach(finding -> out.accept("DAMAGED " + finding));
  }

  private int read() throws IOException {
    snapshots();
    List<LogFile> files = LogFile.in(current);
    long next = snapshot + 1;
    for (LogFile file : files) {
      if (file.first() > next && file.first() > snapshot + 1) {
        findings.add("entries %d to %d are in no file".formatted(next, file.first() - 1));
      }
      next = segment(file) + 1;
    }
    return files.size();
  }

  /** Where it ends, or is to end. */
  private long segment(LogFile file) {
    long before = count;
    long[] at = {file.first() - 1};
    try {
      file.read(
          entry -> {
            at[0] = entry.getIndex();
            entry(file, entry);
          });
      if (!file.isOpen() && at[0] < file.last()) {
        findings.add("%s ends behind entry %d".formatted(file.name(), at[0]));
      }
    } catch (IOException e) {
      findings.add(
          "%s is damaged behind entry %d (%d entries of it can be read): %s"
              .formatted(file.name(), at[0], count - before, e.getMessage()));
    }
    return file.isOpen() ? at[0] : file.last();
  }

  private void entry(LogFile file, LogEntryProto entry) {
    first = first < 0 ? entry.getIndex() : first;
    last = entry.getIndex();
    count++;
    String what = entry.getLogEntryBodyCase().name().toLowerCase(Locale.ROOT);
    try {
      if (entry.hasStateMachineLogEntry()) {
        ByteString data = entry.getStateMachineLogEntry().getLogData();
        ByteString whole = parts.add(data, entry.getTerm());
        what = whole == null ? "part bytes=" + data.size() : record(whole, entry.getIndex());
      } else {
        parts.pass(entry.getTerm());
      }
    } catch (IOException e) {
      what = "DAMAGED";
      findings.add("%s, entry %d: %s".formatted(file.name(), entry.getIndex(), e.getMessage()));
    }
    out.accept("%s %d term=%d %s".formatted(file.name(), last, entry.getTerm(), what));
  }

  private String record(ByteString whole, long position) throws IOException {
    LogRecord record = entries.decode(whole, position);
    records++;
    String kind = record.isNote() ? "note" : "batches";
    return "%s bytes=%d%s time=%d crc=ok%s"
        .formatted(
            kind,
            record.payload().remaining(),
            record.zstd() ? " zstd" : "",
            record.logTimeMicros(),
            record.isNote() ? "" : " " + streamSummary.apply(record.stream()));
  }

  private void snapshots() throws IOException {
    Path directory = current.resolveSibling("sm");
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "snapshot.*")) {
      paths.forEach(all::add);
    }
    for (Path file : all) {
      Matcher name =
          SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(String.valueOf(file.getFileName()));
      if (name.matches()) {
        snapshot = Math.max(snapshot, Long.parseLong(name.group(2)));
        check(file);
      }
    }
  }

  private void check(Path file) {
    try {
      MD5Hash stored = MD5FileUtil.readStoredMd5ForFile(file.toFile());
      MD5Hash found = MD5FileUtil.computeMd5ForFile(file.toFile());
      if (!found.equals(stored)) {
        findings.add(
            "%s is damaged: its MD5 is %s, and was %s"
                .formatted(file.getFileName(), found, stored));
      }
    } catch (IOException e) {
      findings.add("%s cannot be read: %s".formatted(file.getFileName(), e.getMessage()));
    }
  }
}
