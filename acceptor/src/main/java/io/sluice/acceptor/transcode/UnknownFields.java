package io.sluice.acceptor.transcode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.acceptor.transcode.TranscodeException.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a request that OTLP has not: passed with whatever they hold, and counted. One
 * transcoder owns it.
 */
final class UnknownFields {

  private static final int NAME_OVERHEAD = 64;

  /** Different names in a request, and what they may take. */
  private static final int MOST_NAMES = 10_000;

  private static final int MOST_BYTES = 4 << 20;

  /** How the requests of the signals begin, and where they belong. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "resourceSpans", "/v1/traces",
          "resource_spans", "/v1/traces",
          "resourceLogs", "/v1/logs",
          "resource_logs", "/v1/logs",
          "resourceMetrics", "/v1/metrics",
          "resource_metrics", "/v1/metrics",
          "resourceProfiles", "/v1development/profiles",
          "resource_profiles", "/v1development/profiles");

  private final Room room;
  private final Set<String> names = new HashSet<>();
  private long bytes;
  private long count;

  UnknownFields(Room room) {
    this.room = room;
  }

  /**
   * Goes to the end of the value of a field of this name.
   *
   * @param top whether it is a field of the request itself: records of another signal are not
   *     passed there, as they would be lost
   */
  void pass(String name, boolean top, JsonParser in) throws IOException, TranscodeException {
    String path = top ? ELSEWHERE.get(name) : null;
    if (path != null) {
      throw new ValueException("'%s' is of another signal: send it to %s".formatted(name, path));
    }
    count++;
    remember(name);
    int inside = 0;
    do {
      JsonToken token = in.nextToken();
      if (token == JsonToken.FIELD_NAME) {
        remember(in.currentName());
      } else if (token.isStructStart()) {
        inside++;
      } else if (token.isStructEnd()) {
        inside--;
      }
    } while (inside > 0);
  }

  /** How many there were; those inside them are not counted. */
  long count() {
    return count;
  }

  /** The parser is gone, and the names with it. */
  void release() {
    room.free(bytes);
    bytes = 0;
  }

  /**
   * Jackson keeps the names it has seen, each once, in a table that it copies as it grows. Ours are
   * few; of others there may be so many that this costs nothing.
   */
  private void remember(String name) throws TranscodeException {
    if (!names.add(name)) {
      return;
    }
    long more = 2L * name.length() + NAME_OVERHEAD;
    if (names.size() > MOST_NAMES || bytes + more > MOST_BYTES) {
      throw new ValueException("more names of unknown fields than are looked at");
    }
    if (!room.use(more)) {
      throw new TranscodeException(Reason.NO_ROOM, "no room for the request's names");
    }
    bytes += more;
  }
}
