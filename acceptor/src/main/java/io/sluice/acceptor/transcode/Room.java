package io.sluice.acceptor.transcode;

/** Memory, asked for before it is used. */
public interface Room {

  /** Before so many bytes more are in memory; false if there is no room for them now. */
  boolean use(long more);

  /** So many bytes are not in memory any more. */
  void free(long less);
}
