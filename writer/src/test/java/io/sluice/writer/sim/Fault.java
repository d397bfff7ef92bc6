package io.sluice.writer.sim;

/** What goes wrong, each counted as often as it does. */
enum Fault {
  // Of processes and disks.
  CRASH("a Writer is killed"),
  LOST_DISK("a Writer is killed and begins with an empty disk"),
  PAUSE("a Writer stops for a while and goes on as if nothing were"),
  WRONG_CLOCK("a Writer begins with a wrong wall clock"),
  // Of the network.
  CUT("two Writers do not hear of each other"),
  CUT_CLIENT("an Acceptor or a reader does not reach a Writer"),
  LATE_MESSAGE("a message of an Acceptor takes long, and others overtake it"),
  LOST_STREAM("a stream to a Writer is lost, and all of it is sent again"),
  LOST_ANSWER("an answer to an Acceptor is lost"),
  // Of elections.
  ELECTION("another one leads, for no reason"),
  LATE_ROLE("a replica learns late that it does not lead any more"),
  UNANSWERED_COPY("a replica has entries, and the leader does not know of it"),
  // Of clients and readers.
  REPEAT("a client repeats a request that was stored, as it was not told"),
  OLD_SNAPSHOT("a reader has had its snapshot for a while when it reads the rest"),
  STALE_PLACE("a reader goes where a log was led a while ago"),
  SLOW_READ("a reader takes its rows slowly"),
  PARTIAL_READ("a reader takes what a replica has, whether it leads or not"),
  // Of catalog and tables.
  OUTAGE("the catalog is away"),
  NO_CATALOG("a Writer does not reach the catalog"),
  LATE_COMMIT("a commit arrives late"),
  LOST_COMMIT("a commit does not arrive, and nobody is told"),
  LOST_OUTCOME("a commit arrives, and nobody is told"),
  COMPACTION("somebody else replaces files of a table"),
  ROLLBACK("somebody else puts a table back to what it was, and that is taken back"),
  FOREIGN_CHANGE("somebody else changes a table's properties"),
  // Of memory, disk and settings.
  PRESSURE("memory runs short"),
  TIGHT_LOG("a log runs full"),
  FAILED_RELEASE("a snapshot of a log cannot be kept"),
  OTHER_LIMITS("a Writer begins with another room for ids");

  private final String what;

  Fault(String what) {
    this.what = what;
  }

  /** In words. */
  String what() {
    return what;
  }
}
