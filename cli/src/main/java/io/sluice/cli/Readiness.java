package io.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Waits until every child answers 200 at its /readyz; says now and then what it waits for. */
final class Readiness {

  private static final int POLL_MILLIS = 50;
  private static final int POLLS_BETWEEN_WORDS = 100;
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int OK = 200;

  private final List<Child> children;
  private final PrintStream words;

  Readiness(List<Child> children, PrintStream words) {
    this.children = List.copyOf(children);
    this.words = words;
  }

  /** False: a child has ended, so they never will be. */
  boolean await() {
    for (Child child : children) {
      for (int polls = 1; !isReady(child, polls % POLLS_BETWEEN_WORDS == 0); polls++) {
        if (!child.isAlive()) {
          return false;
        }
        try {
          Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
    return true;
  }

  private boolean isReady(Child child, boolean aloud) {
    String why;
    try {
      HttpURLConnection http = (HttpURLConnection) child.spec().readyz().toURL().openConnection();
      http.setConnectTimeout(TIMEOUT_MILLIS);
      http.setReadTimeout(TIMEOUT_MILLIS);
      if (http.getResponseCode() == OK) {
        return true;
      }
      try (InputStream body = http.getErrorStream()) {
        why = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
      }
    } catch (IOException e) {
      why = "starting"; // it does not listen yet
    }
    if (aloud) {
      words.println("waiting for the " + child.spec().name() + ": " + why);
    }
    return false;
  }
}
