package io.sluice.writer.raft;

import io.sluice.wal.DurableLog;
import java.io.IOException;

/** A form of the log, with a consumer that remembers what it was given. */
interface LogForm extends AutoCloseable {

  boolean isReplicated();

  /** Where records are taken. */
  DurableLog log() throws InterruptedException;

  /** What that one is applied to. */
  Replica replica() throws InterruptedException;

  /** Closes it, and opens it anew from its disk; the replica is another one. */
  void reopen() throws IOException;

  /** What is at or below is not needed any more. */
  void release(long upTo) throws Exception;

  @Override
  void close() throws IOException;
}
