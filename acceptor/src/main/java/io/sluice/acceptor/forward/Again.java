package io.sluice.acceptor.forward;

/** Why a message is sent again. */
enum Again {
  /** Its stream was lost. */
  LOST,
  /** The Writer had no room for it. */
  REFUSED,
  /** Another Writer leads its log. */
  LEADER,
  /** Its batches are tried one by one. */
  APART
}
