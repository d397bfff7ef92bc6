package io.sluice.wal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Who holds a log's lock: {@code PID START HOST} in the lock file, padded with blanks so that
 * signing never needs a new block of the disk. It counts only while the lock is held. Earlier
 * releases wrote the process's id alone.
 *
 * @param pid empty if it is not known
 * @param since when the process began, ISO 8601; empty if it is not known
 * @param host empty if it is not known
 */
record LockHolder(String pid, String since, String host) {
  private static final int BYTES = 128;
  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  static LockHolder current() {
    ProcessHandle self = ProcessHandle.current();
    return new LockHolder(Long.toString(self.pid()), since(self), hostName());
  }

  private static String since(ProcessHandle process) {
    Optional<Instant> start = process.info().startInstant();
    return start.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
  }

  /** The kernel knows it at once; a resolver that is away is asked for seconds. */
  private static String hostName() {
    try {
      if (Files.isReadable(KERNEL_NAME)) {
        return Files.readString(KERNEL_NAME).strip();
      }
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException nameless) {
      return "-";
    }
  }

  void write(FileChannel channel) throws IOException {
    String line = "%s %s %s".formatted(pid, since, host);
    String padded = "%-127.127s\n".formatted(line);
    channel.write(ByteBuffer.wrap(padded.getBytes(StandardCharsets.UTF_8)), 0);
  }

  static LockHolder read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    channel.read(bytes, 0);
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    String[] words = text.strip().split(" ", -1);
    return new LockHolder(
        words[0], words.length > 1 ? words[1] : "", words.length > 2 ? words[2] : "");
  }

  /** What an error says of it. */
  String describe() {
    if (pid.isEmpty()) {
      return "another process";
    }
    String where = host.isEmpty() || host.equals("-") ? "" : " on " + host;
    String when = since.isEmpty() || since.equals("-") ? "" : ", running since " + since;
    return "process " + pid + where + when;
  }
}
