package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What Writers that have logs in common tell each other. Any thread asks. */
public interface Cluster {

  /** Of a Writer that shares no log. */
  Cluster ALONE =
      new Cluster() {
        @Override
        public void writeSelf(JsonGenerator out) {}

        @Override
        public void writeMembers(JsonGenerator out, int number) {}

        @Override
        public void act(Act act, byte[] body) throws IOException {
          throw new IOException(
              "cannot %s: this Writer's logs have one copy"
                  .formatted(act.name().toLowerCase(Locale.ROOT)));
        }
      };

  /**
   * A copy of a log.
   *
   * @param address of its Writer over Flight
   * @param behind records that its leader has and it has not; -1: not known here
   * @param silentMillis for how long it has not answered its leader; -1: not known here
   */
  record Copy(String writer, String address, long behind, long silentMillis) {}

  /** Who has a log, as this Writer knows it; none if it shares none. */
  default List<Copy> copies(int number) {
    return List.of();
  }

  /** Who this is, with its disk: fields of an open object. */
  void writeSelf(JsonGenerator out) throws IOException;

  /** Who has a log: fields of an open object. */
  void writeMembers(JsonGenerator out, int number) throws IOException;

  /**
   * Changes who has a log, or leads it.
   *
   * @throws IOException it was not done, and why
   */
  void act(Act act, byte[] body) throws IOException;

  /** What changes it: actions by their names in lower case. */
  enum Act {
    /** At the leader: take in the new disk of a Writer that lost its own. */
    JOIN,
    /** At any: have a replica of the log, which gets something when the leader takes it in. */
    ADOPT,
    /** At the leader: members come or go. */
    MEMBERS,
    /** At the leader: another member is to lead. */
    LEAD
  }
}
