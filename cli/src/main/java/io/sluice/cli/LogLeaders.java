package io.sluice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether each log of a cluster is led by one of its Writers, as their status pages say. */
final class LogLeaders {

  private static final JsonFactory JSON = new JsonFactory();

  private final Pages pages;
  private final List<URI> writers;
  private final int logs;

  /**
   * @param writers their /status
   */
  LogLeaders(Pages pages, List<URI> writers, int logs) {
    this.pages = pages;
    this.writers = List.copyOf(writers);
    this.logs = logs;
  }

  /**
   * Says which log has no leader; empty if each has, or there is but one, of which no page tells.
   */
  String lacking() {
    if (logs == 1) {
      return "";
    }
    Set<Integer> led = new TreeSet<>();
    for (URI page : writers) {
      try {
        try (InputStream in = pages.open(page).getInputStream();
            JsonParser json = JSON.createParser(in)) {
          led.addAll(led(json));
        }
      } catch (IOException e) {
        return "%s says: %s".formatted(page, e.getMessage());
      }
    }
    for (int log = 0; log < logs; log++) {
      if (!led.contains(log)) {
        return "log %d has no leader".formatted(log);
      }
    }
    return "";
  }

  /** The numbers of {@code {"logs":[{"number":0,"leads":true}, ...]}} that are led. */
  static Set<Integer> led(JsonParser json) throws IOException {
    Set<Integer> led = new TreeSet<>();
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean isLogs = json.currentName().equals("logs");
      if (json.nextToken() != JsonToken.START_ARRAY || !isLogs) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() == JsonToken.START_OBJECT) {
        int number = number(json);
        if (number >= 0) {
          led.add(number);
        }
      }
    }
    return led;
  }

  /** Of the log, if it is led; else -1. */
  private static int number(JsonParser json) throws IOException {
    int number = -1;
    boolean leads = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("number") && value == JsonToken.VALUE_NUMBER_INT) {
        number = json.getIntValue();
      } else if (name.equals("leads")) {
        leads = value == JsonToken.VALUE_TRUE;
      } else {
        json.skipChildren();
      }
    }
    return leads ? number : -1;
  }
}
