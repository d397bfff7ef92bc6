package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wal.DurableLog;
import io.sluice.wal.LocalLog;
import io.sluice.wal.WalConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One disk. */
final class LocalForm implements LogForm {

  private final WalConfig config;
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private LocalLog log;
  private Replica replica;

  LocalForm(Path directory, long maxBytes) throws IOException {
    config = new WalConfig(directory, RaftCluster.SEGMENT, maxBytes, 256 << 10, 4);
    open();
  }

  private void open() throws IOException {
    log = LocalLog.open(config, fatal::add);
    replica = new Replica();
    log.start(1, replica);
  }

  @Override
  public boolean isReplicated() {
    return false;
  }

  @Override
  public DurableLog log() {
    return log;
  }

  @Override
  public Replica replica() {
    return replica;
  }

  @Override
  public void reopen() throws IOException {
    log.close();
    open();
  }

  @Override
  public void release(long upTo) {
    log.release(upTo);
  }

  @Override
  public void close() {
    log.close();
    assertThat(fatal).isEmpty();
  }
}
