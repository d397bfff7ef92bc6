package org.apache.ratis.server.impl;

import org.apache.ratis.server.RaftServer;

/** What Ratis does for a moment, and nobody else can, when a snapshot has come. */
public final class ForgottenMembers {

  /** The division forgets all members that it has heard of since it was opened. */
  public static void of(RaftServer.Division division) {
    ((RaftServerImpl) division).getState().truncate(0);
  }

  private ForgottenMembers() {}
}
