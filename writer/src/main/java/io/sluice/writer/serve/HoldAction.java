package io.sluice.writer.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.writer.persist.Holds;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * The action: {@code {"do":"take","id":"..","millis":600000}}, then {@code renew} until what is
 * copied is copied, then {@code end}. Its answer says how the hold stands; it never waits, so that
 * a renewal needs no thread that others may have.
 *
 * @param all those of the Writer
 * @param writer id of this one
 * @param writers how many the cluster has: all of them are to be held
 */
public record HoldAction(Holds all, String writer, int writers) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST_ID = 64;
  private static final long MOST_MILLIS = Duration.ofDays(7).toMillis();

  private record Asked(String what, String id, long millis) {}

  void run(byte[] body, JsonGenerator out) throws IOException {
    Asked asked = asked(body);
    Holds.Answer answer =
        switch (asked.what()) {
          case "take" -> all.take(asked.id(), Duration.ofMillis(asked.millis()));
          case "renew" -> all.renew(asked.id());
          case "end" -> all.end(asked.id());
          default ->
              throw ReadErrors.invalid(
                  "cannot do with a hold: '%s' (take, renew or end)".formatted(asked.what()));
        };
    out.writeStringField("state", answer.state().name().toLowerCase(Locale.ROOT));
    out.writeStringField("why", answer.why());
    out.writeStringField("writer", writer);
    out.writeNumberField("writers", writers);
  }

  private static Asked asked(byte[] body) {
    String what = "";
    String id = "";
    long millis = 0;
    try (JsonParser in = JSON.createParser(body)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = in.currentName();
          in.nextToken();
          switch (name) {
            case "do" -> what = in.getText();
            case "id" -> id = in.getText();
            case "millis" -> millis = in.getLongValue();
            default -> in.skipChildren();
          }
        }
      }
    } catch (IOException e) {
      throw ReadErrors.invalid("cannot read what a hold is asked: " + e.getMessage());
    }
    boolean named = !id.isEmpty() && id.length() <= MOST_ID && id.matches("[A-Za-z0-9-]+");
    if (!named || (what.equals("take") && (millis <= 0 || millis > MOST_MILLIS))) {
      throw ReadErrors.invalid(
          "cannot hold: {\"do\":\"take\",\"id\":\"letters, digits, -\",\"millis\":1 to %d} is what it is asked with"
              .formatted(MOST_MILLIS));
    }
    return new Asked(what, id, millis);
  }
}
