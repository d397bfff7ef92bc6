package io.sluice.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.apache.bookkeeper.bookie.Journal;
import org.apache.bookkeeper.bookie.LedgerDirsManager;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.util.DiskChecker;

/**
 * BookKeeper's journal alone, under load: {@code JournalRun DIRECTORY RECORD_BYTES OUTSTANDING}.
 * For each line of standard input, a number of seconds, it appends for so long and answers with a
 * line: bytes a second, all of them forced. It ends with its input.
 */
public final class JournalRun {

  private static final int ENTRY_HEADER = 16;

  private final Journal journal;
  private final byte[] payload;
  private final int outstanding;
  private final Semaphore free;
  private long entries;

  private JournalRun(Journal journal, int recordBytes, int outstanding) {
    this.journal = journal;
    this.payload = new byte[recordBytes];
    for (int i = 0; i < recordBytes; i++) {
      payload[i] = (byte) (i * 7);
    }
    this.outstanding = outstanding;
    this.free = new Semaphore(outstanding);
  }

  public static void main(String[] arguments) throws Exception {
    File directory = new File(arguments[0]);
    ServerConfiguration configuration = new ServerConfiguration();
    configuration.setJournalDirName(directory.getPath());
    configuration.setLedgerDirNames(new String[] {directory.getPath()});
    configuration.setJournalSyncData(true);
    configuration.setJournalFlushWhenQueueEmpty(true);
    configuration.setJournalReuseFiles(true);
    configuration.setProperty("journalMaxSizeMB", 512);
    LedgerDirsManager ledgers =
        new LedgerDirsManager(
            configuration, new File[] {directory}, new DiskChecker(0.99f, 0.98f));
    Journal journal = new Journal(0, directory, configuration, ledgers);
    journal.start();
    JournalRun run =
        new JournalRun(
            journal, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println("bytes/s " + run.bytesPerSecond(Double.parseDouble(line)));
    }
    System.exit(0);
  }

  private double bytesPerSecond(double seconds) throws InterruptedException {
    long began = System.nanoTime();
    long end = began + (long) (seconds * 1e9);
    long appended = 0;
    while (System.nanoTime() < end) {
      append();
      appended++;
    }
    free.acquire(outstanding);
    free.release(outstanding);
    return (double) appended * payload.length * 1e9 / (System.nanoTime() - began);
  }

  /** An entry begins with ledger and entry id, as a bookie's do. */
  private void append() throws InterruptedException {
    free.acquire();
    ByteBuf entry = Unpooled.directBuffer(ENTRY_HEADER + payload.length);
    entry.writeLong(1).writeLong(entries).writeBytes(payload);
    journal.logAddEntry(
        1,
        entries++,
        entry,
        false,
        (code, ledger, id, address, context) -> {
          if (code != 0) {
            System.err.println("cannot append: code " + code);
            System.exit(1);
          }
          free.release();
        },
        null);
    entry.release();
  }
}
